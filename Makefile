# make run     build kapu and start it; without a desktop, show it on a virtual one
# make test    everything CI checks, from a machine that has only Go, git and make
# make quick   the tests that need no desktop packages
# make check   format, vet, static analysis, the types of the page's scripts, known vulnerabilities; it needs npm
# make bench   the timings, as a table; BEFORE=PROGRAM puts those of an older kapu beside them
# make bench-cluster  the office's timings on an S3 cluster
# make simulate  ten thousand offices, with a seed for each
# make test-rdp  a real remote desktop session, on this machine
# make test-desktops  whole desktops by mouse, with pictures left in .tools/desktops
# make test-cluster  the office and its store on real S3 servers, one of which dies
# make test-shares  the office's store on Samba, WebDAV, Syncthing and slow SFTP, mounted twice
# make packages  everything a release consists of, into dist
# make test-packages  build that twice, compare, install and remove
# make test-wine  the Windows programs in Wine

GOFUMPT     = mvdan.cc/gofumpt@v0.12.0
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.3.0
AGE         = filippo.io/age/cmd/age@v1.3.2
MINIO       = github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
VERSITYGW   = github.com/versity/versitygw/cmd/versitygw@v1.8.0

# HANG is the watchdog's limit of a whole package; internal/wait has that of a step. Nothing else here is in seconds, so
# that a busy machine is only slow.
HANG = 90m

# FUZZ is what each fuzz target may cost, in executions: a busy machine does as many as a calm one.
FUZZ = 8000x

# SINGLE are rooms whose tests the race detector makes four times as long, and in which it can find nothing: nothing
# runs at the same time there. layers_test holds them to that.
SINGLE = ./exchange ./internal/paper

# UNWATCHED is the arithmetic of cryptography and compression and the decoding of keys, which takes ten times as long
# under the race detector, and in which nothing runs at the same time. What calls it is watched.
UNWATCHED = crypto/internal/... golang.org/x/crypto/... filippo.io/hpke/... filippo.io/age/internal/bech32 \
            github.com/klauspost/compress/flate

# COMPUTE are tests that only compute, too: they find codes in large pictures, and the orders in which saves can meet.
COMPUTE = ^(TestScreenshots|TestWorkIsBounded|TestManyCodes|TestPerspective|TestCodeAmongCarpets|TestZbarFindsNoMore|$\
           TestPhonePhoto|TestLongTexts|TestEverySizeOfModule|TestCroppedToTheEdge|TestHistoryOfAnyOrder)$$

# MANY is a menu of thousands of rows on a real panel, whose every row takes a dozen times as long under the race
# detector; the tray's other tests show the same code to that.
MANY = ^TestManyClientsOnARealPanel$$

# LONG are the packages that take longest: they begin first, so that none of them is left alone with the machine.
LONG = ./panel ./tray ./cli

# `check` vets everything, so that the tests need not.
COSTS  = .tools/costs
GOTEST = $(COSTS) tests go test -vet=off $(COUNT) -timeout $(HANG)

export PATH := $(CURDIR)/.tools:$(PATH)
export CGO_ENABLED ?= 0
# As a release is built; and without this machine's paths, another clone need not compile the same again.
export GOFLAGS := $(filter-out -trimpath,$(GOFLAGS)) -trimpath

# What the virtual desktop and the comparisons with other programs are made of (Debian's names).
PACKAGES_RUN  = dbus xvfb xfwm4 xfce4-panel xfconf gnome-keyring xdotool xclip imagemagick x11-utils \
                adwaita-icon-theme fonts-dejavu-core
PACKAGES_TEST = $(PACKAGES_RUN) chromium chromium-headless-shell clipman curl default-jdk desktop-file-utils diodon exfat-fuse exfatprogs gcc gdb grim i3lock jq keepassxc libc6-dev libreoffice-calc-nogui libsecret-tools lxqt-panel npm oathtool openssh-server parcellite poppler-utils procps python3-dbusmock qrencode sshfs sway swayidle swaylock util-linux waybar wl-clipboard xss-lock zbar-tools zenity
PACKAGES_PACK = debootstrap desktop-file-utils msitools nsis wixl
PACKAGES_RDP  = $(PACKAGES_TEST) freerdp2-x11 passwd xauth xorgxrdp xrdp
PACKAGES_DESKTOPS = $(PACKAGES_TEST) breeze breeze-icon-theme budgie-core budgie-indicator-applet cinnamon gnome-shell \
                    gnome-shell-extension-appindicator kde-style-breeze kwin-x11 libkf5wallet-bin libmate-panel-applet-4-1 \
                    marco mate-panel mate-session-manager mate-settings-daemon openbox plasma-desktop plasma-workspace wtype xapp-sn-watcher xwayland
PACKAGES_CLUSTER = $(PACKAGES_TEST) iproute2
PACKAGES_SHARES = $(PACKAGES_TEST) apache2-bin davfs2 rclone samba smbnetfs syncthing
# Wine runs x86-64 programs on x86-64 only.
PACKAGES_WINE = $(if $(filter amd64,$(shell go env GOARCH)),$(PACKAGES_TEST) gcc-mingw-w64-x86-64-posix msitools nsis wine wine64 wixl)

.PHONY: run build test simulate quick check vulnerabilities unit single e2e many bench bench-cluster pictures test-rdp test-desktops test-wine test-cluster test-shares packages-run packages-test packages-desktops packages-rdp packages-pack packages-wine packages-cluster packages-shares packages test-packages cross fuzz clean

build:
	go build -trimpath -ldflags "-s -w" -o kapu .

run: build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then ./kapu; else $(MAKE) --no-print-directory packages-run && go run ./tools/demo; fi

# Three lanes at a time, since desktops mostly wait; `check` compiles what most of them need. `simulate` is one thread
# and begins early; `fuzz` is as many as there are processors, and in the end fills what the others leave.
# The Windows installer takes half a minute of a processor to compress as it is released; by itself, `make test-wine`
# tries that one.
test: export KAPU_DRAFT_INSTALLER = 1
test: export COUNT = -count=1
test: packages-rdp packages-wine .tools/age .tools/axe/axe.js
	@sh tools/scripts/lanes.sh check many : unit : cross simulate single test-rdp fuzz : e2e test-wine

check: .tools/tsc/node_modules
	@out=$$(go run $(GOFUMPT) -l .); if [ -n "$$out" ]; then echo "not formatted by gofumpt:"; echo "$$out"; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...
	.tools/tsc/node_modules/.bin/tsc --project panel
	@sh tools/scripts/vulncheck.sh $(GOVULNCHECK)

# Known holes in what we use; it fails where its database cannot be reached.
vulnerabilities:
	go run $(GOVULNCHECK) ./...

# The race detector needs cgo; the program itself never does. Each process that it watches sleeps for a second before it
# ends, in case something races just then, and the tests start thousands of them. The detector makes collecting garbage
# dear, and there is little of it.
unit: export GORACE = atexit_sleep_ms=20
unit: export GOGC = 400
unit: export GOFLAGS += $(UNWATCHED:%=-gcflags=%=-race=false)
unit: packages-test .tools/age .tools/axe/axe.js $(COSTS)
	CGO_ENABLED=1 KAPU_DESKTOP_TESTS=1 $(GOTEST) -race -skip '$(COMPUTE)|$(MANY)' $$(go list $(LONG) ./... | grep -vxF "$$(go list ./e2e/... $(SINGLE))")

single: packages-test $(COSTS)
	KAPU_DESKTOP_TESTS=1 $(GOTEST) $(SINGLE)
	KAPU_DESKTOP_TESTS=1 $(GOTEST) ./qr ./vault -run '$(COMPUTE)'

# DESKS runs whole desktops, of which sway with waybar needs few packages.
DESKS = KAPU_DESKTOP_TESTS=1 KAPU_DESKS=$(CURDIR)/.tools/desktops $(GOTEST) -count=1 ./e2e/desks

e2e: packages-test $(COSTS)
	KAPU_DESKTOP_TESTS=1 $(GOTEST) -count=1 ./e2e
	$(DESKS) -run '^TestDesktops$$/^sway$$'

# Before the lanes: the mouse on a real panel keeps waiting where the panel has to share the processor.
many: packages-test $(COSTS)
	KAPU_DESKTOP_TESTS=1 $(GOTEST) ./tray -run '$(MANY)'

# Ten thousand offices with everything that can go wrong; without the race detector, which `unit` runs on some. What is
# left of a story is small, so that garbage may lie for longer.
simulate: $(COSTS)
	GOGC=400 $(GOTEST) -count=1 ./office -run '^TestSimulation$$' -schedules 10000

quick:
	go test ./...

# It must build without cgo for every system it is for. (macOS needs cgo for the tray; see docs/platforms.md.)
# For Windows as it is released, so that test-wine need not compile it again.
cross:
	GOOS=linux GOARCH=amd64 go build -o /dev/null .
	GOOS=windows GOARCH=amd64 go vet ./...
	GOOS=windows GOARCH=amd64 go build -o /dev/null .
	GOOS=windows GOARCH=arm64 go build -o /dev/null .
	@sh tools/scripts/vet-darwin.sh

# A night of it: make fuzz FUZZ=10m
fuzz:
	@sh tools/scripts/fuzz.sh $(FUZZ)

# BEFORE=PROGRAM is an older kapu to compare with.
bench:
	go run ./tools/bench $(BEFORE:%=-before %)
	go test ./office -run '^$$' -bench . -benchtime 1x

# A real xrdp session on the loopback interface. It makes throw-away users, so it needs root, and says so without.
test-rdp: packages-rdp $(COSTS)
	KAPU_RDP_TESTS=1 $(GOTEST) -count=1 -v ./e2e/rdp

# Xfce, LXQt, MATE, Plasma, Cinnamon, GNOME, Budgie and sway as a person has them, one after the other; then the keychains.
test-desktops: packages-desktops $(COSTS)
	$(DESKS) -v

# A private Wine prefix on a private X server; both are gone afterwards.
test-wine: packages-wine $(COSTS)
	KAPU_WINE_TESTS=1 KAPU_DESKTOP_TESTS=1 $(GOTEST) -count=1 -v ./e2e/wine

# Four machines of a MinIO cluster, each in a network of its own, and a Versity gateway. It needs root, and says so
# without. Building the servers takes six minutes of processor time, once.
test-cluster: packages-cluster .tools/minio .tools/versitygw
	CGO_ENABLED=1 KAPU_CLUSTER_TESTS=1 go test -race -count=1 -v -timeout $(HANG) -run '^TestCluster$$|^TestVersityGateway$$' ./office/store
	KAPU_CLUSTER_TESTS=1 KAPU_DESKTOP_TESTS=1 go test -count=1 -v -timeout $(HANG) -run '^TestOfficeOnACluster$$' ./e2e

# Servers and two mounts of each, in networks of the tests' own. It needs root, and says so without.
test-shares: packages-shares
	KAPU_SHARE_TESTS=1 KAPU_DESKTOP_TESTS=1 go test -count=1 -v -timeout $(HANG) -run '^TestShares$$' ./office/store

# The office's timings on the cluster instead of on a folder.
bench-cluster: packages-cluster .tools/minio
	KAPU_CLUSTER_TESTS=1 KAPU_CLUSTER_BENCH=1 go test -count=1 -v -timeout $(HANG) -run '^TestSpeedOnACluster$$' ./e2e

# The pictures in the documents: of the real tray, of the page, and of a sheet with a key that protects nothing.
pictures: build packages-test
	@sh tools/scripts/packages.sh xfce4-notifyd
	sh tools/scripts/pictures.sh

# The same commit gives the same bytes on any machine; where to sign, tools/pack/main.go says.
packages: packages-pack
	go run ./tools/pack -out dist

# The Windows installer is tried by test-wine.
test-packages: packages
	KAPU_PACKAGE_TESTS=1 go test -count=1 -timeout $(HANG) ./tools/pack
	sh tools/scripts/test-deb.sh dist/kapu_*_linux_amd64.deb

packages-pack:
	@sh tools/scripts/packages.sh $(PACKAGES_PACK)

packages-run:
	@sh tools/scripts/packages.sh $(PACKAGES_RUN)

packages-rdp:
	@sh tools/scripts/packages.sh $(PACKAGES_RDP)

packages-wine:
	@sh tools/scripts/packages.sh $(PACKAGES_WINE)

packages-desktops:
	@sh tools/scripts/packages.sh $(PACKAGES_DESKTOPS)

packages-cluster:
	@sh tools/scripts/packages.sh $(PACKAGES_CLUSTER)

packages-shares:
	@sh tools/scripts/packages.sh $(PACKAGES_SHARES)

packages-test:
	@sh tools/scripts/packages.sh $(PACKAGES_TEST)

# The rules of accessibility that the tests hold the page to. Kapu itself has nothing of it.
.tools/axe/axe.js: panel/testdata/axe/package-lock.json | packages-test
	mkdir -p .tools/axe
	cp panel/testdata/axe/*.json .tools/axe
	cd .tools/axe && npm ci --ignore-scripts --no-audit --no-fund && cp node_modules/axe-core/axe.min.js axe.js

$(COSTS): $(wildcard tools/costs/*.go)
	@go build -o $@ ./tools/costs

# The type checker of the page's scripts. They have no build step: it only reads them.
.tools/tsc/node_modules: panel/testdata/tsc/package-lock.json | packages-test
	mkdir -p .tools/tsc
	cp panel/testdata/tsc/*.json .tools/tsc
	cd .tools/tsc && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules

.tools/age:
	GOBIN=$(CURDIR)/.tools go install $(AGE)

.tools/minio:
	GOBIN=$(CURDIR)/.tools go install $(MINIO)

.tools/versitygw:
	GOBIN=$(CURDIR)/.tools go install $(VERSITYGW)

clean:
	rm -rf kapu .tools dist
