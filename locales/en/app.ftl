### The frame of the app: navigation, connection, states that every screen shares.

app-name = Tripchat
app-promise = Driver and passengers in one room, from the booking to the last stop.
nav-label = Sections
nav-inbox = Inbox
nav-trips = Trips
nav-me = Me

back = Back
try-again = Try again
loading = Loading…

banner-reconnecting = Reconnecting…
banner-works-on = What you write now is sent when you are back.

broken-title = Tripchat cannot open its data
broken-code = Code { $code }

day-today = Today
day-yesterday = Yesterday
