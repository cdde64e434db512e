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
field-password-long = Se admiten como mucho 128 caracteres.
field-password-common = Esta contraseña es fácil de adivinar. Elige otra.
field-password-personal = Está hecha de tu nombre o de tu correo. Elige otra.
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

me-account = Cuenta
me-desktop = Este ordenador
needs-network = Para esto hace falta red. Volverá a funcionar cuando tengas conexión.

sign-ins-title = Dispositivos y sesiones
sign-ins-note = Dónde tienes la sesión iniciada. Si no reconoces alguna, ciérrala y cambia tu contraseña.
sign-in-on = { $app } en { $system }
sign-in-app-browser = Un navegador
sign-in-app-unknown = Una aplicación sin nombre
sign-in-here = Este dispositivo
sign-in-used = { $when ->
    [today] Último uso: hoy a las { $time }
    [yesterday] Último uso: ayer a las { $time }
   *[other] Último uso: { $day } a las { $time }
}
sign-in-made = Inicio de sesión: { $day }
sign-in-made-with = Inicio de sesión: { $day }, versión { $version }
sign-in-end = Cerrar
sign-in-end-label = Cerrar la sesión: { $app }
sign-in-end-title = { $app }: ¿cerrar esta sesión?
sign-in-end-text = La sesión se cierra enseguida y ya no recibe nada nuevo. Lo que ya está guardado en ese dispositivo se queda allí.
sign-ins-alone = No tienes la sesión iniciada en ningún otro dispositivo.
sign-ins-end-others = Cerrar las demás sesiones
sign-ins-end-others-title = ¿Cerrar las demás sesiones?
sign-ins-end-others-text = { $count ->
    [one] Se cierra una sesión enseguida. Aquí sigues con la tuya.
   *[other] Se cierran { $count } sesiones enseguida. Aquí sigues con la tuya.
}

password-change = Cambiar contraseña
password-current = Contraseña actual
password-new = Contraseña nueva
password-again = Contraseña nueva otra vez
password-note = Al cambiarla se cierra tu sesión en todos los demás dispositivos.
password-wrong = Esta no es tu contraseña actual.
password-differs = No es igual que la de arriba.
password-done = Tu contraseña ha cambiado. Se ha cerrado tu sesión en todos los demás dispositivos.
password-no-answer = El servidor no ha respondido; lo que escribiste sigue aquí. Inténtalo otra vez. Si entonces se rechaza tu contraseña actual, ya vale la nueva.
