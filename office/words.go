package office

import (
	"strings"

	"golang.org/x/crypto/scrypt"
)

// authWords are a short authentication string, which two people compare over the telephone: whether the machine that
// asks is the one that one of them sits at. Four of 256 words are 32 bits. They are stretched with scrypt (a tenth of a
// second and 32 MiB for each), so that finding a key with the same words costs a decade of one processor, and a stolen
// invitation besides.
func authWords(office, invite, device string) string {
	sum, err := scrypt.Key([]byte(office+"\n"+invite+"\n"+device), []byte("kapu/v1 four words"), 1<<15, 8, 1, 4)
	if err != nil {
		panic(err) // only for parameters that cannot be
	}
	var picked []string
	for _, b := range sum {
		picked = append(picked, wordList[b])
	}
	return strings.Join(picked, " ")
}

// wordList is the alphabet of the words: 256 short Hungarian nouns that sound unlike each other, one for each byte.
var wordList = strings.Fields(`
ablak abrosz ajtó akác alma arany asztal autó álom árok bagoly barack barlang bárány béka bicikli bika birka bokor
bolt bor borsó búza cápa cérna cipő citrom cukor család csap csepp csiga csillag csizma csokor csónak csont dallam
darázs deszka dinnye dió disznó dob doboz domb dugó ebéd ecet egér ember eper erdő erő eső ezüst édesség ének
épület fa fazék fecske felhő festő fésű fiók folyó fonál forrás föld fű füst fürdő függöny galamb gally gép
gereblye gesztenye gitár golyó gomb gomba gödör gyapjú gyertya gyík gyöngy gyümölcs hagyma hajó hal hamu harang
hattyú ház hegedű hegy híd hinta hó holló hold homok hordó húr iker illat iránytű iskola izom jég juh jutalom kabát
kacsa kagyló kakas kalap kanál kapu kard kavics kehely kenyér kerék kert kéz kígyó kocsi kolbász korsó kosár kő köd
könyv kulcs kút kürt láb láda lakat lámpa lánc lap láng lencse lepke létra levél liba liliom lyuk madár mag málna
malom medve meggy méz mókus mozdony nád nap narancs nyár nyíl nyúl olaj olló orgona óra oroszlán ökör őz padlás
pajta palack papír párna patak pék pénz perec pillangó pipa pohár pók pulyka rák reggel rét réz rigó róka rózsa
ruha sajt sakk sál sapka sár sas sátor sárkány sólyom sün süti szamár szarvas szeg szekér szél sziget szikla szilva
szív szoba szőlő tábla tál tavasz teve tej tenger tél tigris toll torony torta tök tölgy tükör udvar ujj utca
uzsonna üst üveg üzlet vaj vár vas vihar víz virág vitorla vödör vonat zab zászló zebra zene zokni zongora zsák
`)
