### The frame of the app: navigation, connection, states that every screen shares.

app-name = Tripchat
app-promise = Driver and passengers in one room, from the booking to the last stop.
nav-label = Sections
nav-inbox = Inbox
nav-trips = Trips
nav-me = Me

back = Back
cancel = Cancel
close = Close
clear = Clear
keep-it = Keep it
try-again = Try again
loading = Loading…

banner-reconnecting = Reconnecting…
banner-works-on = What you write now is sent when you are back.

broken-title = Tripchat cannot open its data
broken-code = Code { $code }

day-today = Today
day-yesterday = Yesterday

person-gone = Deleted account

presence-online = Here now
presence-away = Away
presence-offline = Not here

keys-title = Keys
key-switch = Search all rooms
key-find = Search this room
key-rooms = Room above or below
key-edit = Change your last message, from the empty field
key-send = Send
key-break = New line
key-messages = To the messages; then ↑ ↓, and Enter for more
key-back = Back
key-quit = Quit
key-help = These keys
