#!/bin/sh
# LINE, PASSWORD, SERVER and ADDRESS (its own) come by the environment. ANSWERS=auto takes
# every call; CALLS=number makes one, talks for TALKS seconds and ends. Its voice is a tone
# of TONE Hz; what it hears is written to ~/phone/heard/*-dec.wav.
set -eu
folder=$HOME/phone
mkdir -p "$folder/heard"
modules=$(dirname "$(find /usr/lib -name g711.so -path '*baresip*' | head -1)")
cat > "$folder/config" <<CONFIG
net_interface $ADDRESS
sip_listen $ADDRESS:5060
rtp_ports 21000-21100
module_path $modules
audio_source ausine,${TONE:-440}
audio_player aubridge,nowhere
audio_alert aubridge,alert
ausrc_srate 48000
auplay_srate 48000
sip_autoanswer_beep no
snd_path $folder/heard
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
CONFIG
printf '<sip:%s@%s>;auth_user=%s;auth_pass="%s";regint=60;answermode=%s;audio_codecs=PCMA/8000/1\n' \
  "$LINE" "$SERVER" "$LINE" "$PASSWORD" "${ANSWERS:-manual}" > "$folder/accounts"
: > "$folder/contacts"
if [ -n "${CALLS:-}" ]; then
  exec baresip -f "$folder" -e "/dial sip:$CALLS@$SERVER" -t "${TALKS:-8}"
fi
exec baresip -f "$folder"
