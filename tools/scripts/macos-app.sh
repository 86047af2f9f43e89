#!/bin/sh
# macos-app.sh FOLDER: on a Mac with Apple's tools, makes Kapu.app for both kinds of Macs, and the archive of it.
# KAPU_IDENTITY names the certificate that signs; without it the app is signed for this machine only.
set -eu
out=$1
[ "$(uname)" = Darwin ] || { echo "macos-app: needs a Mac" >&2; exit 1; }
version=$(sed -n 's/^const Version = "\(.*\)"/\1/p' internal/build/build.go)
app=$out/Kapu.app
rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for arch in arm64 amd64; do
	apple=$arch
	[ $arch = amd64 ] && apple=x86_64
	CGO_ENABLED=1 GOARCH=$arch CC="clang -arch $apple" go build -trimpath -ldflags "-s -w" -o "$work/kapu-$arch" .
done
lipo -create -output "$app/Contents/MacOS/kapu" "$work/kapu-arm64" "$work/kapu-amd64"

mkdir "$work/kapu.iconset"
for size in 16 32 128 256; do
	sips -z $size $size icons/kapu.png --out "$work/kapu.iconset/icon_${size}x$size.png" >/dev/null
done
iconutil -c icns -o "$app/Contents/Resources/kapu.icns" "$work/kapu.iconset"
cp LICENSE "$app/Contents/Resources/"
cat >"$app/Contents/Info.plist" <<PLIST
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>CFBundleName</key><string>Kapu</string>
	<key>CFBundleIdentifier</key><string>kapu.tray</string>
	<key>CFBundleExecutable</key><string>kapu</string>
	<key>CFBundleIconFile</key><string>kapu</string>
	<key>CFBundlePackageType</key><string>APPL</string>
	<key>CFBundleShortVersionString</key><string>$version</string>
	<key>CFBundleVersion</key><string>$version</string>
	<key>CFBundleDevelopmentRegion</key><string>hu</string>
	<key>LSMinimumSystemVersion</key><string>12.0</string>
	<key>LSUIElement</key><true/>
	<key>NSHighResolutionCapable</key><true/>
</dict>
</plist>
PLIST
if [ -n "${KAPU_IDENTITY:-}" ]; then
	codesign --force --options runtime --timestamp --sign "$KAPU_IDENTITY" "$app"
else
	codesign --force --sign - "$app"
fi
ditto -c -k --keepParent "$app" "$out/kapu_${version}_macos.zip"
