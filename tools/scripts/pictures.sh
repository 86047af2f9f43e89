#!/bin/sh
# pictures.sh makes docs/pictures anew (make pictures): the Hungarian ones there, the English ones in en.
set -eu
pictures=docs/pictures
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
mkdir -p "$pictures/en" "$new/en"
for language in hu en; do
	to=$new/$language
	[ $language = hu ] && to=$new
	go run ./tools/demo -language $language -picture "$new/desktop.png" -notice "$new/notice-desktop.png"
	convert "$new/desktop.png" -crop 540x330+0+0 +repage "$to/menu.png"
	convert "$new/notice-desktop.png" -crop 600x200+680+34 -bordercolor black -border 1 -trim +repage "$to/notice.png"
done
rm "$new/desktop.png" "$new/notice-desktop.png"
KAPU_SHOTS=$new go test ./panel -count=1 -run '^TestPictures$'
go test ./internal/paper -count=1 -run '^TestSheet$' -sheets "$new"
pdftoppm -r 75 -singlefile -png "$new/sheet-hu.pdf" "$new/recovery-sheet"
pdftoppm -r 75 -singlefile -png "$new/sheet-en.pdf" "$new/en/recovery-sheet"
for file in $(cd "$new" && find . -name '*.png'); do
	convert "$new/$file" +dither -colors 64 -strip "PNG8:$pictures/$file"
done
