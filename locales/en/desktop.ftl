### What the shell says by itself: the window's title, notifications, the tray.

window-title-unread = ({ $count }) { $name }

notice-line = { $name }: { $text }
notice-more = { $count ->
    [one] { $count } new message
    [100] 100 new messages or more
   *[other] { $count } new messages
}
notice-open = Open

tray-open = Open Tripchat
tray-room = { $title } ({ $count })
tray-quit = Quit
tray-quiet = { $name }: nothing new
tray-unread = { $count ->
    [one] { $name }: { $count } new message
   *[other] { $name }: { $count } new messages
}
