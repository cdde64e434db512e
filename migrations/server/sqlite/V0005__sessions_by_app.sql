-- Which app signed in, as its User-Agent says: a person recognises the devices in the list of their sessions by it.
ALTER TABLE session ADD COLUMN app TEXT;
