package panel

// searchPage is the small window in which three letters and Enter copy a code.
var searchPage = page{path: "/search", title: "page-search", html: "search.html", small: true}
