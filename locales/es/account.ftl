### Inicio de sesión y la página propia.

sign-in = Iniciar sesión
register = Crear cuenta
sign-in-or-register = Inicia sesión o crea una cuenta
field-name = Nombre
field-name-hint = Los demás lo ven en la sala del viaje.
field-email = Correo electrónico
field-password = Contraseña
field-password-hint = Al menos 8 caracteres
field-server = Servidor
field-required = Rellena este campo.
field-password-short = La contraseña necesita al menos 8 caracteres.
password-show = Mostrar contraseña
password-hide = Ocultar contraseña
no-keyring = Este sistema no tiene un llavero de contraseñas: tendrás que iniciar sesión otra vez la próxima vez que abras la aplicación.
signed-out-because = Se ha cerrado tu sesión.

me-title = Yo
me-settings = Ajustes
me-language = Idioma
me-theme = Tema
same-as-system = Sistema
theme-light = Claro
theme-dark = Oscuro
me-notices = Notificaciones
notices-shown = Con el texto
notices-hidden = Sin el texto
me-close = Al cerrar la ventana
close-tray = Seguir en la bandeja
close-quit = Salir
connection-signed_out = Sesión cerrada
connection-connecting = Conectando…
connection-syncing = Poniéndose al día…
connection-online = En línea
connection-app_too_old = Esta aplicación es demasiado antigua

sign-out = Cerrar sesión
sign-out-unsent-title = { $count ->
    [one] Un mensaje todavía no se ha enviado
   *[other] { $count } mensajes todavía no se han enviado
}
sign-out-unsent = { $count ->
    [one] Si cierras sesión ahora, se borra de este dispositivo.
   *[other] Si cierras sesión ahora, se borran de este dispositivo.
}
sign-out-anyway = Borrar y cerrar sesión
stay = Quedarme

me-availability = Cómo te ven los demás
availability-online = Normal
availability-away = Ausente
availability-invisible = Invisible
