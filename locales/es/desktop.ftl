### What the shell says by itself: the window's title, notifications, the tray.

window-title-unread = ({ $count }) { $name }

notice-line = { $name }: { $text }
notice-more = { $count ->
    [one] { $count } mensaje nuevo
    [100] 100 mensajes nuevos o más
   *[other] { $count } mensajes nuevos
}
notice-open = Abrir

tray-open = Abrir Tripchat
tray-room = { $title } ({ $count })
tray-quit = Salir
tray-quiet = { $name }: nada nuevo
tray-unread = { $count ->
    [one] { $name }: { $count } mensaje nuevo
   *[other] { $name }: { $count } mensajes nuevos
}
