### Viajes, reservas y el formulario de un viaje nuevo.

trips-title = Viajes
trips-new = Nuevo viaje
trips-empty-title = Todavía no hay viajes
trips-empty = Ofrece el primero: la gente pide una plaza, tú confirmas y habláis en su sala.
trips-pick = Elige un viaje para ver sus paradas, plazas y precio.

trips-view = Qué se muestra
trips-view-find = Buscar viaje
trips-view-bookings = Mis reservas
find-from = Desde
find-to = Hasta
find-day = Día
find-act = Buscar
find-all = Ver todos
find-found = { $count ->
    [one] { $count } viaje encontrado
   *[other] { $count } viajes encontrados
}
find-nothing-title = Ningún viaje encontrado
find-nothing = Prueba con el comienzo del nombre de un lugar, o con otro día.
bookings-empty-title = Todavía no hay reservas
bookings-empty = Busca un viaje y pide una plaza: tu reserva aparecerá aquí.

route = { $from } → { $to }
trip-status = { $status ->
    [boarding] Subiendo
    [under_way] En camino
    [arrived] Ha llegado
    [closed] Terminado
    [cancelled] Cancelado
   *[planned] Previsto
}
trip-you-drive = Conduces tú
trip-you-ride = Viajas tú
trip-stops = Paradas
trip-duration = { $hours } h { $minutes } min
trip-duration-hours = { $hours } h
trip-duration-minutes = { $minutes } min
trip-driver = Conductor
trip-vehicle = Vehículo
trip-price = Precio por plaza
trip-luggage = Equipaje
trip-seats = Plazas
trip-seats-free = { $count ->
    [0] No quedan plazas
    [one] { $count } plaza libre
   *[other] { $count } plazas libres
}
trip-seats-of = { $free } de { $all } libres
trip-open-room = Abrir la sala
trip-facts = Sobre el viaje
trip-again = Ofrecer otra vez

share-act = Compartir
share-title = Invitar a este viaje
share-text = Quien tenga Tripchat abre { $trip } con este enlace o código y puede pedir una plaza.
share-code = Código QR de { $trip }
share-copy = Copiar el enlace
share-copied = Copiado

drive-title = Tu viaje
drive-planned = Cuando abras la subida, lo sabrán todos los de la sala.
drive-boarding = Marca quién está a bordo y después sal.
drive-under_way = Todos los de la sala saben que estás en camino.
drive-arrived = Todas las reservas están completadas. Cierra el viaje cuando no quede nada por hacer.
drive-closed = Este viaje ha terminado.
drive-cancelled = Este viaje se ha cancelado.
drive-to-boarding = Abrir la subida
drive-to-under_way = Salir
drive-to-arrived = Hemos llegado
drive-to-closed = Cerrar el viaje
drive-not-yet = Todavía no
drive-aboard = { $aboard } de { $all } a bordo
drive-absent = { $count ->
    [one] { $count } no se presentó
   *[other] { $count } no se presentaron
}
drive-leave-title = ¿Salir sin todos?
drive-leave-text = { $count ->
    [one] Falta { $count } persona por subir.
   *[other] Faltan { $count } personas por subir.
}
drive-close-title = ¿Cerrar este viaje?
drive-close-text = Se avisa a todos los de la sala de que el viaje ha terminado. No se puede deshacer.
drive-call-off = Cancelar el viaje
drive-call-off-title = ¿Cancelar este viaje?
drive-call-off-text = Terminan todas sus reservas y se avisa a todos los de la sala. No se puede deshacer.
drive-time = Cambiar hora
drive-vehicle = Cambiar vehículo
drive-time-title = ¿Cuándo sale?
drive-time-now = Ahora: { $day }, { $time }
drive-time-new = Nueva: { $day }, { $time }
drive-time-note = Todas las paradas se mueven con ella y se avisa a todos los de la sala.
drive-time-by = +{ $count } min
drive-time-save = Cambiar la hora
drive-vehicle-title = ¿Qué vehículo viene?
drive-vehicle-note = Se avisa a todos los de la sala.
drive-vehicle-save = Cambiar el vehículo

booking-request = Pedir una plaza
booking-request-many = Pedir { $count } plazas
booking-how-many = ¿Cuántas plazas?
booking-fewer = Una plaza menos
booking-more = Una plaza más
booking-pickup = Subir en
booking-dropoff = Bajar en
booking-stretch-note = La plaza se ocupa todo el viaje, subas y bajes donde sea.
booking-yours = Tu reserva
booking-requests = Solicitudes
booking-requests-empty = Nadie ha pedido una plaza todavía.
booking-seats = { $count ->
    [one] { $count } plaza
   *[other] { $count } plazas
}
booking-confirm = Confirmar
booking-confirm-label = Confirmar a { $name }, { $number }
booking-status = { $status ->
    [confirmed] Confirmada
    [declined] Rechazada
    [expired] Caducada
    [cancelled] Cancelada
    [boarded] A bordo
    [no_show] No se presentó
    [completed] Completada
   *[requested] Solicitada
}
booking-cancel = Anular la reserva
booking-cancel-label = Anular la reserva { $number }
booking-cancel-title = ¿Anular la reserva { $number }?
booking-cancel-text = { $count ->
    [one] La plaza de { $name } queda libre para otra persona. No se puede deshacer.
   *[other] Las { $count } plazas de { $name } quedan libres para otra persona. No se puede deshacer.
}
booking-waits-for-driver = El conductor ve tu solicitud y la confirma. Entonces se abre la sala para ti.
booking-confirmed-note = Tu plaza está reservada. Puedes hablar con todos en la sala.

booking-passengers = Pasajeros
booking-decline = Rechazar
booking-decline-label = Rechazar a { $name }, { $number }
booking-decline-title = ¿Rechazar a { $name }?
booking-decline-text = La solicitud termina. No se puede deshacer.
booking-board = A bordo
booking-board-label = { $name } está a bordo
booking-no-show = No vino
booking-no-show-label = { $name } no vino
booking-no-show-title = ¿{ $name } no vino?
booking-no-show-text = La reserva termina y sale de la sala. No se puede deshacer.
booking-unboard = Deshacer
booking-unboard-label = Deshacer: { $name } no está a bordo
booking-no-seat-note = Este viaje ya no admite solicitudes.
booking-go-note = Ya se puede subir: ve al vehículo.
booking-gone-note = El viaje ha salido.
booking-aboard-note = Estás a bordo. Buen viaje.
booking-declined-note = El conductor ha dicho que no. Busca otro viaje.
booking-expired-note = Nadie respondió a tiempo. Busca otro viaje.
booking-off-note = El viaje se ha cancelado. Busca otro.
booking-no-show-note = El conductor anotó que no viniste.
booking-completed-note = Has llegado.

review-label = Cuántas estrellas
review-with = ¿Qué tal el viaje con { $name }?
review-stars = { $count ->
    [one] { $count } estrella
   *[other] { $count } estrellas
}
review-text = Unas palabras
review-text-hint = Puede quedar vacío. Lo lee { $name }, y quien viaje con esa persona.
review-text-long = Como máximo 1000 caracteres.
review-send = Enviar la reseña
review-own = Tu reseña
review-open = Puedes cambiarla hasta el { $day }.
review-change = Cambiarla
review-change-label = Cambiarla: reseña de { $name }
review-theirs = { $name } sobre ti
review-rating = { $count ->
    [one] { $average } de 5 estrellas, { $count } reseña
   *[other] { $average } de 5 estrellas, { $count } reseñas
}
review-about = Reseñas de { $name }
review-more = Mostrar más

new-trip-title = Nuevo viaje
new-trip-lead = La gente lo ve enseguida y puede pedir una plaza.
new-trip-again-lead = El mismo viaje, en su próximo día. Revísalo antes de ofrecerlo.
new-trip-stop-from = Desde
new-trip-stop-to = Hasta
new-trip-stop-via = Parada { $number }
new-trip-place = Lugar
new-trip-date = Fecha
new-trip-time = Hora
new-trip-zone = Zona horaria
new-trip-add-stop = Añadir una parada en el camino
new-trip-remove-stop = Quitar { $name }
new-trip-model = Marca y modelo
new-trip-colour = Color
new-trip-plate = Matrícula
new-trip-seats = Plazas que ofreces
new-trip-amount = Precio por plaza
new-trip-currency = Moneda
new-trip-luggage = Equipaje
new-trip-luggage-hint = Lo que puede llevar cada persona. Puede quedar vacío.
new-trip-create = Ofrecer este viaje

problem-required = Rellena este campo.
problem-date = Escribe la fecha como año-mes-día, por ejemplo 2026-11-21.
problem-time = Escribe la hora como horas:minutos, por ejemplo 08:00.
problem-order = No es posterior a la parada anterior.
problem-same = Ya sale a esa hora.
problem-past = Ya ha pasado.
problem-seats = Entre 1 y 100 plazas.
problem-amount = Escribe un importe, por ejemplo 5000.
problem-long = Como máximo 200 caracteres.
problems-title = Faltan algunos datos
booking-message-driver = Escribir al conductor
booking-message-driver-label = Escribir al conductor sobre { $number }
booking-message-passenger = Escribir a { $name }, { $number }
booking-card = Reserva
view-details = Ver detalles
