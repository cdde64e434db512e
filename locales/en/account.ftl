### Signing in, and the page about oneself.

sign-in = Sign in
register = Create account
sign-in-or-register = Sign in or create an account
field-name = Name
field-name-hint = Others see it in the trip’s room.
field-email = E-mail
field-password = Password
field-password-hint = At least 8 characters
field-server = Server
field-required = Please fill this in.
field-password-short = The password needs at least 8 characters.
password-show = Show password
password-hide = Hide password
no-keyring = This system has no keyring, so you will be asked to sign in again when the app opens next time.
signed-out-because = You were signed out.

me-title = Me
me-settings = Settings
me-language = Language
me-theme = Theme
same-as-system = System
theme-light = Light
theme-dark = Dark
me-notices = Notifications
notices-shown = With the text
notices-hidden = Without the text
me-close = When the window is closed
close-tray = Stay in the tray
close-quit = Quit
connection-signed_out = Signed out
connection-connecting = Connecting…
connection-syncing = Catching up…
connection-online = Connected
connection-app_too_old = This app is too old

sign-out = Sign out
sign-out-unsent-title = { $count ->
    [one] One message was not sent yet
   *[other] { $count } messages were not sent yet
}
sign-out-unsent = { $count ->
    [one] It is deleted from this device if you sign out now.
   *[other] They are deleted from this device if you sign out now.
}
sign-out-anyway = Delete and sign out
stay = Stay

me-availability = How others see you
availability-online = Normal
availability-away = Away
availability-invisible = Invisible
