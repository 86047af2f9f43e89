; Windows' installer, for one person and without rights of an administrator. tools/pack/installer.go calls it with
; OUT, VERSION, SIZE, ICON and perhaps SIGN and DRAFT, beside install.nsh and remove.nsh.
;
;   kapu_..._setup.exe /S [/AUTOSTART=1|0] [/D=C:\Folder]     silent; /D last and without quotation marks
;   uninstall.exe /S
;
; The vault, the settings and the key in Windows' keychain are the person's: no line here touches them.

Target amd64-unicode
; The two programs differ in a few bytes. A dictionary larger than both holds the first while the second is packed, which
; then takes next to nothing.
!ifdef DRAFT
SetCompressor /SOLID zlib
!else
SetCompressor /SOLID lzma
SetCompressorDictSize 64 ; MiB
!endif
SetDateSave off
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS all

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Kapu"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "Kapu"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Kapu"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"

!ifdef SIGN
	!uninstfinalize '"${SIGN}" "%1"' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\kapuw.exe"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Hungarian"
!insertmacro MUI_LANGUAGE "English"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=${LANG_ENGLISH} ProductName "Kapu"
VIAddVersionKey /LANG=${LANG_ENGLISH} ProductVersion "${VERSION}"
VIAddVersionKey /LANG=${LANG_ENGLISH} FileVersion "${VERSION}"
VIAddVersionKey /LANG=${LANG_ENGLISH} FileDescription "Kapu Setup"
VIAddVersionKey /LANG=${LANG_ENGLISH} LegalCopyright "The Kapu authors"

LangString NameProgram ${LANG_HUNGARIAN} "A program (kötelező)"
LangString NameProgram ${LANG_ENGLISH} "The program (required)"
LangString NameMenu ${LANG_HUNGARIAN} "Parancsikon a Start menüben"
LangString NameMenu ${LANG_ENGLISH} "Shortcut in the Start menu"
LangString NameAutostart ${LANG_HUNGARIAN} "Indítás bejelentkezéskor"
LangString NameAutostart ${LANG_ENGLISH} "Start at sign-in"
LangString SayProgram ${LANG_HUNGARIAN} "A Kapu és a leírásai. A széfjéhez a telepítés és az eltávolítás nem nyúl."
LangString SayProgram ${LANG_ENGLISH} "Kapu and its documents. Neither installing nor removing it touches your vault."
LangString SayMenu ${LANG_HUNGARIAN} "Innen is elindíthatja a Kaput."
LangString SayMenu ${LANG_ENGLISH} "One more way to start Kapu."
LangString SayAutostart ${LANG_HUNGARIAN} "A Kapu zárolva indul el, amikor bejelentkezik a Windowsba."
LangString SayAutostart ${LANG_ENGLISH} "Kapu starts, locked, when you sign in to Windows."

; Quit ends what runs from the folder, as far as this session sees it: the agent by its own command, the tray by the
; message that its window knows.
!macro Quit un
Function ${un}Quit
	${IfNot} ${FileExists} "$INSTDIR\kapu.exe"
		Return
	${EndIf}
	nsExec::Exec '"$INSTDIR\kapu.exe" lock'
	Pop $0
	StrLen $6 "$INSTDIR\"
	StrCpy $1 0
	${Do}
		FindWindow $1 "SystrayClass" "" 0 $1
		${If} $1 = 0
			${ExitDo}
		${EndIf}
		System::Call 'user32::GetWindowThreadProcessId(p r1, *i .r2)'
		System::Call 'kernel32::OpenProcess(i 0x101000, i 0, i r2) p .r3' ; to wait for it and to ask its name
		${If} $3 P<> 0
			System::Call 'kernel32::QueryFullProcessImageNameW(p r3, i 0, w .r4, *i ${NSIS_MAX_STRLEN}) i .r5'
			StrCpy $4 $4 $6
			${If} $4 == "$INSTDIR\"
				System::Call 'user32::PostMessageW(p r1, i 0x10, p 0, p 0)'
				System::Call 'kernel32::WaitForSingleObject(p r3, i 10000)'
				StrCpy $1 0 ; its window is no place to go on from
			${EndIf}
			System::Call 'kernel32::CloseHandle(p r3)'
		${EndIf}
		IntOp $7 $7 + 1
	${LoopUntil} $7 > 100
FunctionEnd
!macroend
!insertmacro Quit ""
!insertmacro Quit "un."

; MakeWay removes a file from the folder. Windows lets go of a program's file a moment after the program has ended: that is
; waited for, for 10 s of all files together ($R1 counts). What another session still runs is moved aside, since Windows lets
; it be renamed, not replaced.
!macro MakeWay un
Function ${un}MakeWay
	Pop $R0
	${Do}
		ClearErrors
		Delete "$INSTDIR\$R0"
		${IfNot} ${Errors}
			Return
		${EndIf}
		${If} $R1 >= 100
			${ExitDo}
		${EndIf}
		Sleep 100
		IntOp $R1 $R1 + 1
	${Loop}
	System::Call 'kernel32::GetTickCount() i .r0'
	Rename "$INSTDIR\$R0" "$INSTDIR\$R0.$0.old"
FunctionEnd
!macroend
!insertmacro MakeWay ""
!insertmacro MakeWay "un."

; Replace and Remove stand in the lists of files, install.nsh and remove.nsh.
!macro Replace name source
	Push "${name}"
	Call MakeWay
	File "${source}"
!macroend

!macro Remove name
	Push "${name}"
	Call un.MakeWay
!macroend

Section "$(NameProgram)" SecProgram
	SectionIn RO
	Call Quit
	Delete "$INSTDIR\*.old"
	!include install.nsh
	SetOutPath "$INSTDIR"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Kapu"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\kapuw.exe"
	WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Kapu authors"
	WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE}
	WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
	WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "$(NameMenu)" SecMenu
	CreateShortcut "$SMPROGRAMS\Kapu.lnk" "$INSTDIR\kapuw.exe"
SectionEnd

Section "$(NameAutostart)" SecAutostart
SectionEnd

; Only a change is carried out: who has switched it off in Task Manager should not find it on after an upgrade.
Section "-autostart"
	ReadRegStr $0 HKCU "${RUN}" "Kapu"
	${If} ${SectionIsSelected} ${SecAutostart}
		${If} $0 == ""
			nsExec::Exec '"$INSTDIR\kapu.exe" autostart on'
			Pop $0
		${EndIf}
	${ElseIf} $0 != ""
		nsExec::Exec '"$INSTDIR\kapu.exe" autostart off'
		Pop $0
	${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
	!insertmacro MUI_DESCRIPTION_TEXT ${SecProgram} $(SayProgram)
	!insertmacro MUI_DESCRIPTION_TEXT ${SecMenu} $(SayMenu)
	!insertmacro MUI_DESCRIPTION_TEXT ${SecAutostart} $(SayAutostart)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; An upgrade leaves the choice as it was; /AUTOSTART decides it.
Function .onInit
	${If} ${FileExists} "$INSTDIR\kapu.exe"
		ReadRegStr $0 HKCU "${RUN}" "Kapu"
		${If} $0 == ""
			!insertmacro UnselectSection ${SecAutostart}
		${EndIf}
	${EndIf}
	${GetParameters} $0
	ClearErrors
	${GetOptions} $0 "/AUTOSTART=" $1
	${IfNot} ${Errors}
		${If} $1 == 0
			!insertmacro UnselectSection ${SecAutostart}
		${Else}
			!insertmacro SelectSection ${SecAutostart}
		${EndIf}
	${EndIf}
FunctionEnd

Section "Uninstall"
	nsExec::Exec '"$INSTDIR\kapu.exe" autostart off'
	Pop $0
	Call un.Quit
	!include remove.nsh
	!insertmacro Remove "uninstall.exe"
	Delete "$INSTDIR\*.old"
	Delete "$SMPROGRAMS\Kapu.lnk"
	DeleteRegKey HKCU "${UNINSTALL}"
	SetOutPath "$TEMP"
	${For} $0 1 20 ; who looks at each new and each removed file may hold one for a moment
		ClearErrors
		RMDir "$INSTDIR"
		${IfNot} ${Errors}
			${ExitFor}
		${EndIf}
		Sleep 100
	${Next}
SectionEnd
