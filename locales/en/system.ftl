### What the server says in a room by itself, as every reader reads it: in the room, the inbox and notifications.

system-BOARDING = Boarding has begun
system-STARTED = The trip has set off
system-ARRIVED = The trip has arrived
system-COMPLETED = The trip is over
system-TRIP_CANCELLED = The trip was called off
system-VEHICLE_CHANGED = Another vehicle comes: { $vehicle }
system-DRIVER_CHANGED = Now driving: { $name }
system-REQUESTED = { $count ->
    [one] { $count } seat requested
   *[other] { $count } seats requested
}
system-CONFIRMED = The booking is confirmed
system-DECLINED = The request was declined
system-CANCELLED = The booking was called off
system-EXPIRED = The request was not answered in time
system-BOARDED = The passenger is aboard
system-NO_SHOW = The passenger did not come
system-JOINED = { $name } has joined
system-LEFT = { $name } has left
system-later = { $count ->
    [one] Leaves { $count } minute later
   *[other] Leaves { $count } minutes later
}
system-later-by = Leaves { $span } later
system-earlier = { $count ->
    [one] Leaves { $count } minute earlier
   *[other] Leaves { $count } minutes earlier
}
system-earlier-by = Leaves { $span } earlier
