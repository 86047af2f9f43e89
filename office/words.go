package office

import (
	"strings"
	"sync"

	"golang.org/x/crypto/scrypt"
)

// The short authentication string of an enrolment: six of 256 words, 48 bits, stretched with scrypt (about 0.2 s of one
// core and 64 MiB for each try). docs/decisions/six-words.md computes what a match by search would cost.
const (
	authWordCount = 6
	authWordGroup = 3       // words between two pauses of who reads them out
	authWordCost  = 1 << 16 // scrypt's N, with r = 8
	authWordSalt  = "kapu/v1 six words"
)

// authWords are what two people compare over the telephone: whether the machine that asks is the one that one of them
// sits at. They depend on what the request was made with, an invitation or a number used once, so that nobody can
// search for them beforehand.
func authWords(office, request, device string) string {
	text := []byte(office + "\n" + request + "\n" + device)
	sum, err := scrypt.Key(text, []byte(authWordSalt), authWordCost, 8, 1, authWordCount)
	if err != nil {
		panic(err) // only for parameters that cannot be
	}
	var b strings.Builder
	for i, n := range sum {
		switch {
		case i == 0:
		case i%authWordGroup == 0:
			b.WriteString(", ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(wordList()[n])
	}
	return b.String()
}

// wordList is the alphabet of the words: 256 short Hungarian nouns that sound unlike each other, one for each byte.
var wordList = sync.OnceValue(func() []string { return strings.Fields(wordText) })

const wordText = `
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
`
