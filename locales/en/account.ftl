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
field-password-long = At most 128 characters are taken.
field-password-common = This password is easy to guess. Choose another one.
field-password-personal = This is made of your name or e-mail. Choose another one.
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

me-account = Account
me-desktop = This computer
needs-network = This needs a network. It works again when you are back online.

sign-ins-title = Devices and sign-ins
sign-ins-note = Where you are signed in. If you do not know one of them, end it and change your password.
sign-in-on = { $app } on { $system }
sign-in-app-browser = A browser
sign-in-app-unknown = An app without a name
sign-in-here = This device
sign-in-used = { $when ->
    [today] Last used today at { $time }
    [yesterday] Last used yesterday at { $time }
   *[other] Last used: { $day } at { $time }
}
sign-in-made = Signed in: { $day }
sign-in-made-with = Signed in: { $day }, version { $version }
sign-in-end = End
sign-in-end-label = End the sign-in: { $app }
sign-in-end-title = { $app }: end this sign-in?
sign-in-end-text = It is signed out at once and gets nothing new. What is stored on it already stays there.
sign-ins-alone = You are signed in on no other device.
sign-ins-end-others = Sign out everywhere else
sign-ins-end-others-title = Sign out everywhere else?
sign-ins-end-others-text = { $count ->
    [one] One sign-in ends at once. You stay signed in here.
   *[other] { $count } sign-ins end at once. You stay signed in here.
}

password-change = Change password
password-current = Current password
password-new = New password
password-again = New password once more
password-note = You are signed out on all other devices when it is changed.
password-wrong = This is not your current password.
password-differs = This is not the same as above.
password-done = Your password is changed. You were signed out on all other devices.
password-no-answer = No answer came from the server; what you typed is still here. Try again. If your current password is refused then, the new one counts already.

profile-title = Edit profile
profile-username = Username
profile-username-hint = Optional: a short name by which others find you.
profile-business = Business name
profile-business-hint = Optional: others see it in the place of your name.
profile-locale-hint = In which the server writes to you. The app’s own language is chosen under Settings.
profile-locale-none = Not chosen
profile-save = Save
profile-wrong-name = This name cannot be taken. Shorten it or leave out what is no text.
profile-wrong-username = A username has 3 to 30 letters from a to z, digits and underscores.
profile-wrong-locale = The server does not know this language.

forgotten-title = Forgot password?
forgotten-note = Ask whoever runs the server for a code. With it you choose another password here.
forgotten-code = Code
forgotten-act = Set password
forgotten-no-server = There is no Tripchat server at this address.
forgotten-done = Your password is set, and you were signed out everywhere. Sign in with it now.
forgotten-no-answer = No answer came from the server; what you typed is still here. Check the address and your network. If the code is refused then, try to sign in: the new password may count already.

export-act = Download my data
export-busy = Your data is being gathered…
export-done = Everything that the server has of you was stored in your downloads, as { $file }.

farewell-title = Delete my account
farewell-goes = Your name, your e-mail and all your sign-ins are deleted, and everything of Tripchat on this device, also what was not sent yet.
farewell-rides = Your trips and bookings that have not begun are called off.
farewell-stays = Where you wrote in a room, others see that something was deleted, without its text and without your name.
farewell-final = This cannot be taken back.
farewell-act = Delete for ever
farewell-wrong = This is not your password.
farewell-no-answer = No answer came from the server. Try again when you are back online: your account may be deleted already.
farewell-done = Your account is deleted.
