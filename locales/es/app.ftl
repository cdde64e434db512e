### El marco de la aplicación: navegación, conexión y estados comunes a todas las pantallas.

app-name = Tripchat
app-promise = Conductor y pasajeros en una misma sala, desde la reserva hasta la última parada.
nav-label = Secciones
nav-inbox = Mensajes
nav-trips = Viajes
nav-me = Yo

back = Atrás
cancel = Cancelar
close = Cerrar
clear = Vaciar
keep-it = Dejarlo
try-again = Reintentar
loading = Cargando…

banner-reconnecting = Reconectando…
banner-works-on = Lo que escribas se enviará cuando vuelva la conexión.

broken-title = Tripchat no puede abrir sus datos
broken-code = Código { $code }

day-today = Hoy
day-yesterday = Ayer

person-gone = Cuenta eliminada

presence-online = Conectado
presence-away = Ausente
presence-offline = No conectado

keys-title = Teclas
key-switch = Buscar en todas las salas
key-find = Buscar en esta sala
key-rooms = Sala anterior o siguiente
key-edit = Cambiar tu último mensaje, con el campo vacío
key-send = Enviar
key-break = Línea nueva
key-messages = A los mensajes; después ↑ ↓, y Enter para más
key-back = Atrás
key-quit = Salir
key-help = Estas teclas
