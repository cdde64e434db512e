### Lo que el servidor dice por sí mismo en una sala, como lo lee cada cual: en la sala, en la bandeja y en las notificaciones.

system-BOARDING = Ya se puede subir
system-STARTED = El viaje ha salido
system-ARRIVED = El viaje ha llegado
system-COMPLETED = El viaje ha terminado
system-TRIP_CANCELLED = El viaje se ha cancelado
system-VEHICLE_CHANGED = Viene otro vehículo: { $vehicle }
system-DRIVER_CHANGED = Ahora conduce { $name }
system-REQUESTED = { $count ->
    [one] { $count } plaza solicitada
   *[other] { $count } plazas solicitadas
}
system-CONFIRMED = La reserva está confirmada
system-DECLINED = La solicitud se ha rechazado
system-CANCELLED = La reserva se ha anulado
system-EXPIRED = Nadie respondió a tiempo a la solicitud
system-BOARDED = El pasajero está a bordo
system-NO_SHOW = El pasajero no vino
system-JOINED = { $name } entra en la sala
system-LEFT = { $name } sale de la sala
system-later = { $count ->
    [one] Sale { $count } minuto más tarde
   *[other] Sale { $count } minutos más tarde
}
system-later-by = Sale { $span } más tarde
system-earlier = { $count ->
    [one] Sale { $count } minuto antes
   *[other] Sale { $count } minutos antes
}
system-earlier-by = Sale { $span } antes
