### Lo que el servidor dice por sí mismo en una sala, como lo lee cada cual: en la sala, en la bandeja y en las notificaciones.

system-BOARDING = Ya se puede subir
system-STARTED = El viaje ha salido
system-ARRIVED = El viaje ha llegado
system-COMPLETED = El viaje ha terminado
system-TRIP_CANCELLED = El viaje se ha cancelado
system-VEHICLE_CHANGED = Viene otro vehículo: { $vehicle }
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
