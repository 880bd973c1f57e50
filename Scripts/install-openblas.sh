#!/bin/sh
# Installs OpenBLAS with the system's package manager, where that is possible. It is never needed:
# without it the built-in matrix product serves. So no failure here stops anything.
set -u

installed() {
  case "$(uname -s)" in
  Darwin) return 0 ;; # Accelerate is part of the system.
  esac
  ldconfig -p 2>/dev/null | grep -q 'libopenblas\.so' && return 0
  for folder in /usr/lib /usr/lib64 /usr/lib/*-linux-gnu; do
    [ -e "$folder/libopenblas.so.0" ] && return 0
  done
  return 1
}

installed && exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    echo "OpenBLAS is not installed (no rights to install it); the built-in product serves."
    exit 0
  fi
fi

echo "Installing OpenBLAS with the system's package manager …"
if command -v apt-get >/dev/null; then
  { $as_root apt-get update -qq && $as_root apt-get install -y -qq libopenblas0-pthread; } >/dev/null 2>&1
elif command -v dnf >/dev/null; then
  $as_root dnf install -y -q openblas >/dev/null 2>&1
elif command -v apk >/dev/null; then
  $as_root apk add -q openblas >/dev/null 2>&1
elif command -v pacman >/dev/null; then
  $as_root pacman -S --noconfirm --quiet openblas >/dev/null 2>&1
elif command -v zypper >/dev/null; then
  $as_root zypper --quiet --non-interactive install libopenblas0 >/dev/null 2>&1
fi
installed || echo "OpenBLAS could not be installed; the built-in product serves."
exit 0
