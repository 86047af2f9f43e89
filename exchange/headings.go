package exchange

// fillerWords change nothing about a heading.
const fillerWords = "a az the of for to ugyfelkapu ugyfelkapus ugyfelkapuhoz ugyfelkapuba uk uk+ ugyfelkapu+ kau kaus kauhoz " +
	"nav navos onya totp-s 2fa-s portal portalos kotelezo opcionalis aktualis uj jelenlegi"

const abbreviations = "adosz=adoszam, adosz.=adoszam, asz=adoszam, adoaz=adoazonosito, adoazon=adoazonosito, azon=azonosito, azonositoja=azonosito, " +
	"megj=megjegyzes, felh=felhasznalo, felhnev=felhasznalonev, fh=felhasznalo, fnev=felhasznalonev, fhnev=felhasznalonev, userid=user id, " +
	"meghat=meghatalmazas, meghatalm=meghatalmazas, mh=meghatalmazas, erv=ervenyes, ervenyess=ervenyesseg, lej=lejarat, hatarido=lejarat, " +
	"ugyf=ugyfel, ugyfelkapus=ugyfelkapu, szolg=szolgaltatas, szolgalt=szolgaltatas, torlok=torlokod, auth=authenticator, ga=google authenticator, " +
	"gauth=google authenticator, azonositokod=azonosito kod, ceg=ceg, fav=favourite, kat=kategoria, csop=csoport, ketfakt=ketfaktoros, tax=tax, " +
	"num=number, nr=number, username=user name, expiration=expiry, exp=expiry, lejar=lejarat, lejarati=lejarat, jelszolejarat=jelszo lejarat, alg=algoritmus"

// officeHeadings are what people call the columns of their own tables: folded, the endings of words and their order
// do not matter (formsOf). Where two fields claim a heading the earlier field has it.
var officeHeadings = [fieldCount]string{
	nameField: "ugyfel, ugyfelnev, ugyfel megnevezes, ugyfel neve, ugyfel cegnev, ugyfel teljes neve, partner, partner neve, partnernev, partner megnevezes, " +
		"cegnev, ceg, ceg neve, ceg megnevezes, cegek neve, ceg rovid neve, rovid cegnev, rovid nev, cegnev rovid, teljes cegnev, cegszeru nev, ceg vallalkozo, " +
		"tarsasag, tarsasag neve, gazdasagi tarsasag, tarsasag megnevezes, gazdalkodo, gazdalkodo neve, gazdalkodo szervezet, gazdalkodo szerv, " +
		"gazdalkodo szervezet neve, szervezet, szervezet neve, vallalkozas, vallalkozas neve, vallalkozas megnevezes, vallalkozo, vallalkozo neve, " +
		"egyeni vallalkozo, egyeni vallalkozo neve, vallalat, vallalat neve, adozo, adozo neve, adozo megnevezes, adoalany, adoalany neve, " +
		"adoalany megnevezes, adofizeto, adofizeto neve, megbizo, megbizo neve, megbizo ceg, kepviselt, kepviselt neve, kepviselt szemely, kepviselt ceg, " +
		"konyvelt ceg, konyvelt cegek, konyvelt ugyfel, konyvelt vallalkozas, ugyfelunk, elofizeto, megnevezes, elnevezes, vevo, vevo neve, " +
		"vevonev, ugyfel ceg, ugyfel ceg neve, kuldo, jogi szemely, intezmeny, intezmeny neve, alapitvany, egyesulet, " +
		"client, client name, customer, customer name, company, company name, business, business name, firm, firm name, entity, entity name, " +
		"legal name, organisation, organisation name, organization, organization name, taxpayer, taxpayer name, title, employer, enterprise, " +
		"enterprise name, trade name, name of client, name of company",
	personField: "nev, teljes nev, nevek, name, full name, account, account name, label, cimke, fiok, fiok neve, fioknev, szemely, szemely neve, " +
		"maganszemely, maganszemely neve, display name, megjelenitett nev",
	ownerField: "tulajdonos, tulajdonos neve, fiok tulajdonos, fioktulajdonos, fiok tulajdonos neve, tulaj, tulaj neve, kepviselo, kepviselo neve, ugyvezeto, " +
		"ugyvezeto neve, torvenyes kepviselo, torvenyes kepviselo neve, ceg kepviselo, kinek neveben, kie, kinek kapu, ki kapu, ugyfelkapu tulajdonos, " +
		"ugyfelkapu tulajdonos neve, kapu tulajdonos, cegkapu kepviselo, cegvezeto, vezeto neve, owner, owner name, account owner, account holder, holder, " +
		"representative, person, director, managing director",
	keyField: "kulcs, egyedi kulcs, titkos kulcs, egyedi titkos kulcs, hitelesito kulcs, hitelesitesi kulcs, azonosito kulcs, azonositasi kulcs, biztonsagi kulcs, " +
		"ketfaktoros kulcs, ketlepcsos kulcs, ketfaktoros azonosito kulcs, ketfaktoros azonositas kulcs, ketfaktoros hitelesites kulcs, " +
		"ketlepcsos azonositas kulcs, ketlepcsos hitelesites kulcs, kettos azonositas kulcs, masodik faktor, masodik faktor kulcs, masodlagos kulcs, " +
		"tobbfaktoros kulcs, mfa kulcs, faktor kulcs, kod kulcs, kodgenerator kulcs, kodgenerator, kod generalo kulcs, generator kulcs, privat kulcs, " +
		"qr kulcs, qr kod, qr, qr kod kulcs, qr kod szoveg, qr kod tartalma, qr tartalom, qr szoveg, base32, base32 kulcs, base 32, token, token kulcs, " +
		"egyedi kod, titkos kod, egyedi titkos kod, egyedi azonosito kod, egyedi azonosito kulcs, egyedi azonosito kod kulcs, azonosito kod, titkos azonosito, " +
		"titkos azonosito kod, hitelesito kod, hitelesitesi kod, hitelesito kod kulcs, beallitasi kulcs, beallito kulcs, beallitokulcs, beallitasi kod, " +
		"beallito kod, aktivalo kulcs, aktivalasi kulcs, parositasi kulcs, parosito kulcs, regisztracios kulcs, manualis kulcs, kezi kulcs, " +
		"totp, totp kulcs, totp titok, totp kod, totp secret, totp key, totp uri, totp url, totp seed, titok, otp, otp kulcs, otp kod, otp titok, otp secret, " +
		"otp key, otp seed, otpauth, otpauth uri, otpauth url, otpauth link, otpauth cim, uri, 2fa, 2fa kulcs, 2fa kod, 2fa key, 2fa secret, 2fa titok, 2fa seed, " +
		"2fa token, mfa, mfa key, mfa secret, mfa token, secret, secret key, secret code, key, keys, shared secret, private key, seed, seed key, setup key, " +
		"two factor, two factor key, two factor secret, two factor code, hitelesito alkalmazas, hitelesito alkalmazas kulcs, hitelesito app, hitelesito app kulcs, " +
		"hitelesito, azonosito alkalmazas kulcs, alkalmazas kulcs, app kulcs, mobilapp kulcs, mobil kulcs, telefon kulcs, " +
		"authenticator, authenticator key, authenticator kulcs, authenticator kod, authenticator secret, authenticator titok, authenticator app, " +
		"authenticator alkalmazas, google authenticator, google authenticator kulcs, google authenticator kod, google authenticator key, google kulcs, google kod, " +
		"google hitelesito, google hitelesito kulcs, microsoft authenticator, microsoft authenticator kulcs, microsoft kulcs, ente, ente auth, aegis, " +
		"ugyfelkapu+ kulcs, ugyfelkapu kulcs, kapu kulcs, kapukulcs, unique key, unique code, code key",
	taxField: "adoszam, ado szam, ceg adoszam, ugyfel adoszam, partner adoszam, vallalkozas adoszam, tarsasag adoszam, adoszam adoazonosito, " +
		"adoszam adoazonosito jel, adoszam vagy adoazonosito, adoszam vagy adoazonosito jel, adoazonosito, adoazonosito jel, adoazonosito szam, adojel, " +
		"belfoldi adoszam, magyar adoszam, kozossegi adoszam, eu adoszam, adoalany adoszam, adozo adoszam, ado torzsszam, torzsszam, ado id, " +
		"tax number, tax no, tax id, taxnumber, taxid, taxpayer id, tin, vat, vat number, vat no, vat id, vat code, eu vat number, vatid",
	folderField: "mappa, csoport, kategoria, cimkek, mappa csoport, csoport neve, mappa neve, ugyfelcsoport, ugyfel csoport, besorolas, csoportositas, dosszie, konyvtar, " +
		"folder, folder name, group, group name, category, collection, collections, tag, tags, labels",
	userField: "felhasznalonev, felhasznaloi nev, felhasznalo, felhasznalo nev, felhasznalo neve, felhasznaloi azonosito, felhasznaloi fiok, felhasznalo azonosito, " +
		"felhasznaloi id, felhasznaloazonosito, login, login nev, loginnev, belepesi nev, belepo nev, belepesi azonosito, belepo azonosito, belepo, bejelentkezo nev, " +
		"bejelentkezesi nev, bejelentkezesi azonosito, bejelentkezes, azonosito, ugyfelkapu nev, ugyfelkapus nev, ugyfelkapu azonosito, ugyfelkapu felhasznalo, " +
		"ugyfelkapu felhasznalonev, ugyfelkapu belepes, ugyfelkapu login, uk nev, uk azonosito, kapunev, kapu nev, " +
		"user, user name, user id, userid, login name, login id, account user, sign in name, signin name, logon, logon name, uid",
	deletionField: "torlokod, torlo kod, torlesi kod, torles kod, torleskod, visszavonasi kod, visszavono kod, kikapcsolo kod, kikapcsolasi kod, " +
		"megszunteto kod, megszuntetesi kod, feloldo kod, feloldasi kod, helyreallito kod, helyreallitasi kod, torles, " +
		"deletion code, delete code, removal code, revocation code, cancel code, recovery code, reset code",
	noteField: "megjegyzes, jegyzet, egyeb, leiras, komment, kommentar, egyeb megjegyzes, egyeb informacio, egyeb adat, informacio, info, tudnivalo, " +
		"egyeb tudnivalo, feljegyzes, emlekezteto, note, notes, comment, comments, remark, remarks, description, memo, other, details",
	serviceField: "szolgaltatas, szolgaltato, rendszer, kibocsato, szolgaltatas neve, portal neve, oldal, weboldal, alkalmazas, program, felulet, " +
		"service, service name, issuer, provider, system, website, app, application",
	favouriteField: "kedvenc, kiemelt, gyakori, fontos, csillag, csillagozott, favourite, favorite, favourites, favorites, starred, star, pinned",
	mandateField: "meghatalmazas, meghatalmazas lejarta, lejarta, egyke lejarta, meghatalmazas vege, meghatalmazas lejarat, meghatalmazas lejar, meghatalmazas ervenyesseg, meghatalmazas ervenyes, " +
		"meghatalmazas ervenyesseg vege, meghatalmazas ervenyesseg ideje, meghatalmazas ervenyes eddig, meghatalmazas hatarido, meghatalmazas hatarideje, " +
		"meghatalmazas datum, meghatalmazas datuma, meghatalmazas lejarat datum, meghatalmazas lejarat ideje, meghatalmazas lejarat napja, meghatalmazas eddig, " +
		"meghatalmazas utolso napja, meghatalmazas megszunese, meghatalmazas hatalya, meghatalmazas idotartama, meghatalmazva, meghatalmazva eddig, " +
		"allando meghatalmazas, allando meghatalmazas vege, allando meghatalmazas lejarat, allando meghatalmazas ervenyesseg, nav meghatalmazas, " +
		"nav meghatalmazas lejarat, kau meghatalmazas, rendelkezes lejarat, rendelkezes vege, rendelkezesi nyilvantartas lejarat, kepviselet vege, " +
		"kepviselet lejarat, kepviseleti jog vege, kepviseleti jogosultsag vege, kepviseleti meghatalmazas, megbizas vege, megbizas lejarat, " +
		"egyke, egyke vege, egyke lejarat, egyke ervenyesseg, egyke ervenyes, egyke datum, egyke hatalya, ugyke, " +
		"ervenyes, ervenyesseg, ervenyesseg vege, ervenyes eddig, ervenyessegi ido, ervenyessegi ideje, lejarat, lejarat datum, lejarat ideje, lejarat napja, eddig, " +
		"jogosultsag vege, jogosultsag lejarat, hozzaferes vege, hozzaferes lejarat, " +
		"mandate, mandate until, mandate end, mandate ends, mandate expires, mandate expiry, mandate expiry date, mandate end date, mandate valid until, " +
		"authorisation, authorisation until, authorization until, authorisation end, authorization end, authorisation expires, authorization expires, " +
		"authorisation expiry, authorization expiry, poa, poa until, poa expiry, power of attorney, power of attorney until, power attorney expires, " +
		"valid, valid until, valid to, expires, expires on, expiry, expiry date, until, end date",
	passwordUntilField: "jelszo lejarat, jelszo lejarta, jelszo lejar, jelszo vege, jelszo ervenyesseg, jelszo ervenyes, jelszo ervenyes eddig, jelszo ervenyesseg vege, " +
		"jelszo hatarido, jelszo lejarat datum, jelszo lejarat ideje, jelszo lejarat napja, jelszo datum, jelszocsere, jelszo csere, jelszo csere datum, " +
		"jelszo csere hatarido, kovetkezo jelszocsere, jelszo cserelendo, jelszolejarat, jelszo eddig, jelszo eddig ervenyes, " +
		"password expires, password expiry, password expiry date, password until, password valid until, password expire, password expires on, password end",
	digitsField:    "szamjegy, szamjegyek szama, szamjegyszam, kod hossz, kod hossza, kodhossz, jegyek szama, digits, digit, code length, number of digits, otp digits",
	periodField:    "periodus, idokoz, idotartam, ciklus, lepes, masodperc, periodusido, ervenyesseg mp, period, interval, step, time step, seconds, otp period",
	algorithmField: "algoritmus, hash, hash algoritmus, titkosito algoritmus, algorithm, hash algorithm, algo, otp algorithm, otp hash",
	passwordField:  "jelszo, jelszava, belepesi jelszo, pw, pwd, password, login password, pass, jelszo titkos, titkos jelszo, pin, pin kod, jelszo emlekezteto",
	ignoredField:   "sorszam, ssz, s sz, sz, sor, no, number, row, row number, #",
	otherField: "konyvelo, konyvelo neve, berszamfejto, felelos, felelos neve, ugyintezo, ugyintezo neve, referens, kapcsolattarto, kapcsolattarto neve, " +
		"kontakt, munkatars, munkatars neve, adminisztrator, kezelo, ellenor, helyettes, allapot, statusz, status, aktiv, " +
		"cegforma, ceg forma, ceg tipus, tipus, ugyfel tipus, ugyfeltipus, jogi forma, forma, vallalkozasi forma, adozas, adozasi mod, adozasi forma, afakor, " +
		"cim, szekhely, lakcim, telephely, iranyitoszam, varos, telepules, utca, postacim, levelezesi cim, email, e mail, email cim, e mail cim, mail, " +
		"telefonszam, mobil, mobilszam, fax, cegjegyzekszam, cegjegyzek szam, statisztikai szamjel, bankszamlaszam, bankszamla, szamlaszam, bank, " +
		"teaor, tevekenyseg, fotevekenyseg, letszam, dij, konyvelesi dij, havidij, szerzodes, szerzodes kelte, szuletesi datum, szuletesi hely, anyja neve, taj, " +
		"taj szam, accountant, bookkeeper, responsible, contact, contact person, contact name, assignee, type, kind, legal form, company type, address, city, " +
		"zip, phone, phone number, mobile, active, state, registration number, birth date",
}
