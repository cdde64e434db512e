### La bandeja de mensajes, las salas y sus mensajes.

inbox-title = Mensajes
inbox-empty-title = Todavía no hay salas
inbox-empty = Ofrece un viaje o pide una plaza: su sala aparecerá aquí.
inbox-find-trip = Ver viajes
inbox-pick = Elige una sala para leer y escribir.
inbox-quiet = Todavía no hay mensajes
inbox-line = { $name }: { $text }
inbox-line-mine = Tú: { $text }

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
room-people-title = Personas
room-driver = Conductor
room-you = { $name } (tú)
room-empty-title = Aquí todo está tranquilo
room-empty = Escribe el primer mensaje: lo verán todos los de esta sala.
room-read-only = Esta sala no admite mensajes nuevos.
messages-label = Mensajes
messages-older = Cargando mensajes anteriores…
messages-beginning = El comienzo de esta sala
messages-new = { $count ->
    [one] { $count } mensaje nuevo
   *[other] { $count } mensajes nuevos
}
messages-to-end = Mensajes más recientes

message-unknown = Este mensaje necesita una versión más reciente de Tripchat.
message-waiting = Esperando para enviarse
message-sent = Enviado
message-failed = No enviado
message-label = { $name }, { $time }: { $text }
message-retry = Reintentar
message-edit = Editar
message-delete = Borrar

composer-label = Mensaje
composer-placeholder = Escribe un mensaje
composer-placeholder-offline = Sin red: se enviará al volver la conexión
composer-send = Enviar
composer-left = { $count ->
    [one] Queda { $count } carácter
   *[other] Quedan { $count } caracteres
}
composer-over = { $count ->
    [one] Sobra { $count } carácter
   *[other] Sobran { $count } caracteres
}
