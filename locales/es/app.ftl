### El marco de la aplicación: navegación, conexión y estados comunes a todas las pantallas.

app-name = Tripchat
app-promise = Conductor y pasajeros en una misma sala, desde la reserva hasta la última parada.
nav-label = Secciones
nav-inbox = Mensajes
nav-trips = Viajes
nav-me = Yo

back = Atrás
try-again = Reintentar
loading = Cargando…

banner-reconnecting = Reconectando…
banner-works-on = Lo que escribas se enviará cuando vuelva la conexión.

broken-title = Tripchat no puede abrir sus datos
broken-code = Código { $code }

day-today = Hoy
day-yesterday = Ayer
