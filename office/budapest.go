package office

// Budapest is the office calendar's time zone, for callers that have yet to ask DayStart, DayEnd, DayOf and LastDay.
var Budapest = zone()
