package config

// Version of the program: in `kapu version`, and in the vault so that an older program can name what it lacks.
const Version = "0.1.0"
