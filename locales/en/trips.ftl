### Trips, bookings and the form for a new trip.

trips-title = Trips
trips-new = New trip
trips-empty-title = No trips yet
trips-empty = Offer the first one: people ask for a seat, you confirm, and you talk in its room.
trips-pick = Choose a trip to see its stops, seats and price.

route = { $from } → { $to }
trip-status = { $status ->
    [boarding] Boarding
    [under_way] On the road
    [arrived] Arrived
    [closed] Over
    [cancelled] Called off
   *[planned] Planned
}
trip-you-drive = You drive
trip-you-ride = You are in
trip-stops = Stops
trip-duration = { $hours } h { $minutes } min
trip-duration-hours = { $hours } h
trip-duration-minutes = { $minutes } min
trip-driver = Driver
trip-vehicle = Vehicle
trip-price = Price of a seat
trip-luggage = Luggage
trip-seats = Seats
trip-seats-free = { $count ->
    [0] No seats free
    [one] { $count } seat free
   *[other] { $count } seats free
}
trip-seats-of = { $free } of { $all } free
trip-open-room = Open the room
trip-facts = About the trip

booking-request = Request a seat
booking-request-many = Request { $count } seats
booking-how-many = How many seats?
booking-fewer = One seat fewer
booking-more = One seat more
booking-yours = Your booking
booking-requests = Requests
booking-requests-empty = Nobody has asked for a seat yet.
booking-seats = { $count ->
    [one] { $count } seat
   *[other] { $count } seats
}
booking-confirm = Confirm
booking-confirm-label = Confirm { $name }, { $number }
booking-status = { $status ->
    [confirmed] Confirmed
    [declined] Declined
    [expired] Expired
    [cancelled] Called off
    [boarded] On board
    [no_show] Did not come
    [completed] Completed
   *[requested] Requested
}
booking-cancel = Cancel booking
booking-cancel-label = Cancel booking { $number }
booking-cancel-title = Cancel booking { $number }?
booking-cancel-text = { $count ->
    [one] The seat of { $name } becomes free for someone else. This cannot be taken back.
   *[other] The { $count } seats of { $name } become free for someone else. This cannot be taken back.
}
booking-waits-for-driver = The driver sees your request and confirms it. The room opens for you then.
booking-confirmed-note = Your place is taken. You can talk to everyone in the room.

new-trip-title = New trip
new-trip-lead = People see it at once and can ask for a seat.
new-trip-stop-from = From
new-trip-stop-to = To
new-trip-stop-via = Stop { $number }
new-trip-place = Place
new-trip-date = Date
new-trip-time = Time
new-trip-zone = Time zone
new-trip-add-stop = Add a stop on the way
new-trip-remove-stop = Remove { $name }
new-trip-model = Make and model
new-trip-colour = Colour
new-trip-plate = Number plate
new-trip-seats = Seats to offer
new-trip-amount = Price of a seat
new-trip-currency = Currency
new-trip-luggage = Luggage
new-trip-luggage-hint = What each person may bring. May stay empty.
new-trip-create = Offer this trip

problem-required = Please fill this in.
problem-date = Write the date as year-month-day, such as 2026-11-21.
problem-time = Write the time as hours:minutes, such as 08:00.
problem-order = This is not later than the stop before.
problem-past = This is in the past.
problem-seats = Between 1 and 100 seats.
problem-amount = Write an amount, such as 5000.
problem-long = At most 200 characters.
problems-title = A few things are missing
