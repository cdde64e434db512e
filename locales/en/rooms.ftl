### The inbox, rooms and their messages.

inbox-title = Inbox
inbox-empty-title = No rooms yet
inbox-empty = Offer a trip or ask for a seat: its room appears here.
inbox-find-trip = Look at trips
inbox-pick = Choose a room to read and write.
inbox-quiet = No messages yet
inbox-line = { $name }: { $text }
inbox-line-mine = You: { $text }

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
room-people-title = People
room-driver = Driver
room-you = { $name } (you)
room-empty-title = It is quiet here
room-empty = Write the first message: everyone in this room sees it.
room-read-only = This room takes no new messages.
messages-label = Messages
messages-older = Loading older messages…
messages-beginning = The beginning of this room
messages-new = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
messages-to-end = Newest messages

message-unknown = This message needs a newer version of Tripchat.
message-waiting = Waiting to be sent
message-sent = Sent
message-failed = Not sent
message-label = { $name }, { $time }: { $text }
message-retry = Retry
message-edit = Edit
message-delete = Delete

composer-label = Message
composer-placeholder = Write a message
composer-placeholder-offline = No network: will be sent when you are back
composer-send = Send
composer-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
composer-over = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}
