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

profile-title = Editar perfil
profile-username = Nombre de usuario
profile-username-hint = Opcional: un nombre corto con el que otros te encuentran.
profile-business = Nombre de la empresa
profile-business-hint = Opcional: los demás lo ven en lugar de tu nombre.
profile-locale-hint = En el que te escribe el servidor. El idioma de la aplicación se elige en Ajustes.
profile-locale-none = Sin elegir
profile-save = Guardar
profile-wrong-name = Este nombre no se admite. Acórtalo o quita lo que no sea texto.
profile-wrong-username = Un nombre de usuario tiene de 3 a 30 letras de la a a la z, cifras y guiones bajos.
profile-wrong-locale = El servidor no conoce este idioma.

forgotten-title = ¿Olvidaste la contraseña?
forgotten-note = Pide un código a quien lleva el servidor. Con él eliges aquí otra contraseña.
forgotten-code = Código
forgotten-act = Poner contraseña
forgotten-no-server = No hay ningún servidor de Tripchat en esta dirección.
forgotten-done = Tu contraseña está puesta y se ha cerrado tu sesión en todas partes. Inicia sesión con ella.
forgotten-no-answer = El servidor no ha respondido; lo que escribiste sigue aquí. Comprueba la dirección y tu red. Si entonces se rechaza el código, intenta iniciar sesión: puede que ya valga la nueva contraseña.

export-act = Descargar mis datos
export-busy = Reuniendo tus datos…
export-done = Todo lo que el servidor tiene de ti se ha guardado en tus descargas, como { $file }.

farewell-title = Eliminar mi cuenta
farewell-goes = Se borran tu nombre, tu correo y todas tus sesiones, y todo lo de Tripchat en este dispositivo, también lo que aún no se ha enviado.
farewell-rides = Tus viajes y reservas que no han empezado se cancelan.
farewell-stays = Donde escribiste en una sala, los demás ven que algo se borró, sin su texto y sin tu nombre.
farewell-final = Esto no se puede deshacer.
farewell-act = Eliminar para siempre
farewell-wrong = Esta no es tu contraseña.
farewell-no-answer = El servidor no ha respondido. Inténtalo otra vez cuando tengas conexión: puede que tu cuenta ya esté eliminada.
farewell-done = Tu cuenta está eliminada.
