### La bandeja de mensajes, las salas y sus mensajes.

inbox-title = Mensajes
inbox-empty-title = Todavía no hay salas
inbox-empty = Ofrece un viaje o pide una plaza: su sala aparecerá aquí.
inbox-find-trip = Ver viajes
inbox-pick = Elige una sala para leer y escribir.
inbox-quiet = Todavía no hay mensajes
inbox-filter = Nombre, lugar o número
inbox-filter-hint = Filtrar
inbox-only-unread = No leídos
inbox-all-read = Todo está leído.
inbox-nothing = Ninguna sala tiene eso en su nombre, sus lugares o sus personas.
inbox-search-messages = Buscar en los mensajes
inbox-archived = Archivadas ({ $count })
inbox-booking = Reserva { $number }
inbox-draft = Borrador:
inbox-ended = Has salido de esta sala
inbox-favourite = Favorita
inbox-muted = Silenciada
inbox-unread = { $count ->
    [one] { $count } mensaje sin leer
   *[other] { $count } mensajes sin leer
}
inbox-unread-many = { $count } mensajes sin leer o más
inbox-marked = Marcada como no leída
inbox-line = { $name }: { $text }
inbox-line-mine = Tú: { $text }

row-menu = { $room }: qué hacer
row-favourite = Añadir a favoritas
row-unfavourite = Quitar de favoritas
row-read = Marcar como leída
row-unread = Marcar como no leída
row-mute-hour = Silenciar 1 hora
row-mute-night = Silenciar 8 horas
row-mute-always = Silenciar siempre
row-unmute = Dejar de silenciar
row-archive = Archivar
row-unarchive = Sacar del archivo

room-type-TRIP = Viaje
room-type-BOOKING = Reserva
room-type-DIRECT = Conversación
room-type-GROUP = Grupo
room-type-CHANNEL = Canal
room-type-SUPPORT = Ayuda
room-people = { $count ->
    [one] { $count } persona
   *[other] { $count } personas
}
room-here = { $count ->
    [one] { $count } en línea
   *[other] { $count } en línea
}
room-other = { $presence ->
    [online] { $name } · en línea
    [away] { $name } · ausente
   *[offline] { $name }
}
room-search = Buscar en esta sala
room-unknown = Sala
room-people-title = Personas
room-driver = Conductor
room-you = { $name } (tú)
room-empty-title = Aquí todo está tranquilo
room-empty = Escribe el primer mensaje: lo verán todos los de esta sala.
room-read-only = Esta sala no admite mensajes nuevos. Lo escrito se queda aquí.
room-ended = Has salido de esta sala. Lo escrito hasta entonces se queda aquí.
messages-label = Mensajes
messages-older-reading = Cargando mensajes anteriores…
messages-older-fetching = Trayendo mensajes anteriores
messages-older-offline = Los mensajes anteriores llegarán cuando vuelva la conexión
messages-newer-reading = Cargando mensajes más recientes…
messages-newer-fetching = Trayendo mensajes más recientes
messages-newer-offline = Los mensajes más recientes llegarán cuando vuelva la conexión
messages-divider = Nuevos
messages-new-many = 100 mensajes nuevos o más
messages-beginning = El comienzo de esta sala
messages-new = { $count ->
    [one] { $count } mensaje nuevo
   *[other] { $count } mensajes nuevos
}
messages-to-end = Mensajes más recientes

message-unknown = Este mensaje necesita una versión más reciente de Tripchat.
message-deleted = Mensaje borrado
message-edited = editado
message-waiting = En espera
message-waiting-note = Esperando para enviarse
message-sent = Enviado
message-delivered = Entregado
message-read = Leído
message-failed = No enviado
change-waiting = El cambio espera para enviarse
change-delete-waiting = Se borrará cuando tengas conexión
change-refused = Cambio no enviado
change-delete-refused = No se ha borrado
message-label = { $name }, { $time }: { $text }
message-menu = Qué hacer con este mensaje
message-act-copy = Copiar
message-act-retry = Reintentar
message-act-edit = Editar
message-act-info = Quién lo ha leído
message-act-delete = Borrar
message-act-discard = Descartar cambio
delete-title = ¿Borrar este mensaje?
delete-text = Desaparece para todos los de la sala y no se puede recuperar.
reach-title = Leído por { $read } de { $of }
reach-read = Leído
reach-delivered = Entregado
reach-waiting = Aún no le ha llegado
typing-one = { $name } está escribiendo…
typing-two = { $one } y { $two } están escribiendo…
typing-many = { $count } personas están escribiendo…

composer-label = Mensaje
composer-placeholder = Escribe un mensaje
composer-placeholder-offline = Sin red: se enviará al volver la conexión
composer-send = Enviar
composer-save = Guardar el cambio
composer-editing = Cambiar el mensaje
composer-left = { $count ->
    [one] Queda { $count } carácter
   *[other] Quedan { $count } caracteres
}
composer-over = { $count ->
    [one] Sobra { $count } carácter
   *[other] Sobran { $count } caracteres
}

search-title = Buscar mensajes
search-hint = Palabras
search-in = Buscar en { $room }
search-empty = Escribe una palabra: se busca en los mensajes de todas las salas, también sin red.
search-empty-room = Escribe una palabra: se busca en los mensajes de esta sala, también sin red.
search-nothing-title = No se ha encontrado nada
search-nothing = Prueba con menos palabras, o con el comienzo de una.
search-found = { $count ->
    [one] { $count } mensaje encontrado
   *[other] { $count } mensajes encontrados
}
search-you = Tú
