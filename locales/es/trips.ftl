### Viajes, reservas y el formulario de un viaje nuevo.

trips-title = Viajes
trips-new = Nuevo viaje
trips-empty-title = Todavía no hay viajes
trips-empty = Ofrece el primero: la gente pide una plaza, tú confirmas y habláis en su sala.
trips-pick = Elige un viaje para ver sus paradas, plazas y precio.

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

booking-request = Pedir una plaza
booking-request-many = Pedir { $count } plazas
booking-how-many = ¿Cuántas plazas?
booking-fewer = Una plaza menos
booking-more = Una plaza más
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

new-trip-title = Nuevo viaje
new-trip-lead = La gente lo ve enseguida y puede pedir una plaza.
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
problem-past = Ya ha pasado.
problem-seats = Entre 1 y 100 plazas.
problem-amount = Escribe un importe, por ejemplo 5000.
problem-long = Como máximo 200 caracteres.
problems-title = Faltan algunos datos
