### The inbox, rooms and their messages.

inbox-title = Inbox
inbox-empty-title = No rooms yet
inbox-empty = Offer a trip or ask for a seat: its room appears here.
inbox-find-trip = Look at trips
inbox-pick = Choose a room to read and write.
inbox-quiet = No messages yet
inbox-filter = Name, place or number
inbox-filter-hint = Filter
inbox-only-unread = Unread
inbox-all-read = Everything is read.
inbox-nothing = No room has that in its name, places or people.
inbox-search-messages = Search in messages
inbox-archived = Archived ({ $count })
inbox-booking = Booking { $number }
inbox-draft = Draft:
inbox-ended = You left this room
inbox-favourite = Favourite
inbox-muted = Muted
inbox-unread = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
inbox-unread-many = { $count } or more unread messages
inbox-marked = Marked as unread
inbox-line = { $name }: { $text }
inbox-line-mine = You: { $text }

row-menu = { $room }: what to do
row-favourite = Add to favourites
row-unfavourite = Remove from favourites
row-read = Mark as read
row-unread = Mark as unread
row-mute-hour = Mute for 1 hour
row-mute-night = Mute for 8 hours
row-mute-always = Mute always
row-unmute = Unmute
row-archive = Archive
row-unarchive = Take out of the archive

room-type-TRIP = Trip
room-type-BOOKING = Booking
room-type-DIRECT = Conversation
room-type-GROUP = Group
room-type-CHANNEL = Channel
room-type-SUPPORT = Support
room-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
room-here = { $count ->
    [one] { $count } here now
   *[other] { $count } here now
}
room-other = { $presence ->
    [online] { $name } · here now
    [away] { $name } · away
   *[offline] { $name }
}
room-search = Search this room
room-unknown = Room
room-people-title = People
room-driver = Driver
room-you = { $name } (you)
room-empty-title = It is quiet here
room-empty = Write the first message: everyone in this room sees it.
room-read-only = This room takes no new messages. What was written stays here.
room-ended = You left this room. What was written until then stays here.
messages-label = Messages
messages-older-reading = Loading older messages…
messages-older-fetching = Fetching older messages
messages-older-offline = Older messages come when you are back online
messages-newer-reading = Loading newer messages…
messages-newer-fetching = Fetching newer messages
messages-newer-offline = Newer messages come when you are back online
messages-divider = New
messages-new-many = 100 or more new messages
messages-beginning = The beginning of this room
messages-new = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
messages-to-end = Newest messages

message-unknown = This message needs a newer version of Tripchat.
message-deleted = Message deleted
message-edited = edited
message-waiting = Waiting
message-waiting-note = Waiting to be sent
message-sent = Sent
message-delivered = Delivered
message-read = Read
message-failed = Not sent
change-waiting = Change waits to be sent
change-delete-waiting = Will be deleted when you are online
change-refused = Change not sent
change-delete-refused = Not deleted
message-label = { $name }, { $time }: { $text }
message-menu = What to do with this message
message-act-copy = Copy
message-act-retry = Retry
message-act-edit = Edit
message-act-info = Who has read it
message-act-delete = Delete
message-act-discard = Discard change
delete-title = Delete this message?
delete-text = It goes for everyone in the room, and cannot be brought back.
reach-title = Read by { $read } of { $of }
reach-read = Read
reach-delivered = Delivered
reach-waiting = Not reached yet
typing-one = { $name } is writing…
typing-two = { $one } and { $two } are writing…
typing-many = { $count } people are writing…

composer-label = Message
composer-placeholder = Write a message
composer-placeholder-offline = No network: will be sent when you are back
composer-send = Send
composer-save = Save change
composer-editing = Change message
composer-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
composer-over = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}

search-title = Search messages
search-hint = Words
search-in = Search in { $room }
search-empty = Write a word: messages of all rooms are searched, also without a network.
search-empty-room = Write a word: messages of this room are searched, also without a network.
search-nothing-title = Nothing found
search-nothing = Try fewer words, or the beginning of one.
search-found = { $count ->
    [one] { $count } message found
   *[other] { $count } messages found
}
search-you = You
