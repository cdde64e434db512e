### Trips, bookings and the form for a new trip.

trips-title = Trips
trips-new = New trip
trips-empty-title = No trips yet
trips-empty = Offer the first one: people ask for a seat, you confirm, and you talk in its room.
trips-pick = Choose a trip to see its stops, seats and price.

trips-view = What is shown
trips-view-find = Find a trip
trips-view-bookings = My bookings
find-from = From
find-to = To
find-day = Day
find-act = Search
find-all = Show all
find-found = { $count ->
    [one] { $count } trip found
   *[other] { $count } trips found
}
find-nothing-title = No trip found
find-nothing = Try the beginning of a place’s name, or another day.
bookings-empty-title = No bookings yet
bookings-empty = Find a trip and ask for a seat: your booking stands here then.

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
trip-again = Offer again

share-act = Share
share-title = Invite to this trip
share-text = Whoever has Tripchat opens { $trip } by this link or code, and can ask for a seat.
share-code = QR code of { $trip }
share-copy = Copy the link
share-copied = Copied

drive-title = Your trip
drive-planned = When you start boarding, everyone in the room is told.
drive-boarding = Mark who is aboard, then set off.
drive-under_way = Everyone in the room knows that you are on the road.
drive-arrived = All bookings are completed. Close the trip when nothing is left to do.
drive-closed = This trip is over.
drive-cancelled = This trip was called off.
drive-to-boarding = Start boarding
drive-to-under_way = Set off
drive-to-arrived = Arrived
drive-to-closed = Close the trip
drive-not-yet = Not yet
drive-aboard = { $aboard } of { $all } aboard
drive-absent = { $count ->
    [one] { $count } did not come
   *[other] { $count } did not come
}
drive-leave-title = Set off without everyone?
drive-leave-text = { $count ->
    [one] { $count } person is not aboard yet.
   *[other] { $count } people are not aboard yet.
}
drive-close-title = Close this trip?
drive-close-text = Everyone in the room is told that the trip is over. This cannot be taken back.
drive-call-off = Call the trip off
drive-call-off-title = Call this trip off?
drive-call-off-text = All its bookings end, and everyone in the room is told. This cannot be taken back.
drive-time = Change time
drive-vehicle = Change vehicle
drive-time-title = When does it leave?
drive-time-now = Now: { $day }, { $time }
drive-time-new = New: { $day }, { $time }
drive-time-note = All stops move with it, and everyone in the room is told.
drive-time-by = +{ $count } min
drive-time-save = Change the time
drive-vehicle-title = Which vehicle comes?
drive-vehicle-note = Everyone in the room is told.
drive-vehicle-save = Change the vehicle

booking-request = Request a seat
booking-request-many = Request { $count } seats
booking-how-many = How many seats?
booking-fewer = One seat fewer
booking-more = One seat more
booking-pickup = Get in at
booking-dropoff = Get out at
booking-stretch-note = A seat is taken for the whole trip, wherever you get in and out.
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

booking-passengers = Passengers
booking-decline = Decline
booking-decline-label = Decline { $name }, { $number }
booking-decline-title = Decline { $name }?
booking-decline-text = The request ends. This cannot be taken back.
booking-board = Aboard
booking-board-label = { $name } is aboard
booking-no-show = Did not come
booking-no-show-label = { $name } did not come
booking-no-show-title = { $name } did not come?
booking-no-show-text = The booking ends, and they leave the room. This cannot be taken back.
booking-unboard = Undo
booking-unboard-label = Undo: { $name } is not aboard
booking-no-seat-note = This trip takes no more requests.
booking-go-note = Boarding has begun: go to the vehicle now.
booking-gone-note = The trip has set off.
booking-aboard-note = You are aboard. Have a good ride.
booking-declined-note = The driver said no. Look for another trip.
booking-expired-note = Nobody answered in time. Look for another trip.
booking-off-note = The trip was called off. Look for another one.
booking-no-show-note = The driver noted that you did not come.
booking-completed-note = You have arrived.

review-label = How many stars
review-with = How was the ride with { $name }?
review-stars = { $count ->
    [one] { $count } star
   *[other] { $count } stars
}
review-text = A few words
review-text-hint = May stay empty. { $name } reads it, and so does whoever rides with them.
review-text-long = At most 1,000 characters.
review-send = Send the review
review-own = Your review
review-open = You can change it until { $day }.
review-change = Change it
review-change-label = Change it: review of { $name }
review-theirs = { $name } about you
review-rating = { $count ->
    [one] { $average } of 5 stars, { $count } review
   *[other] { $average } of 5 stars, { $count } reviews
}
review-about = Reviews of { $name }
review-more = Show more

new-trip-title = New trip
new-trip-lead = People see it at once and can ask for a seat.
new-trip-again-lead = The same trip on its next day. Look it over before you offer it.
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
problem-same = This is when it leaves already.
problem-past = This is in the past.
problem-seats = Between 1 and 100 seats.
problem-amount = Write an amount, such as 5000.
problem-long = At most 200 characters.
problems-title = A few things are missing
booking-message-driver = Message the driver
booking-message-driver-label = Message the driver about { $number }
booking-message-passenger = Message { $name }, { $number }
booking-card = Booking
view-details = View details
