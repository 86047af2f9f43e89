import "./kapu.js";
