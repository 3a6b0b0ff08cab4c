// Reading the code of a certificate with the camera, where the browser can. A code that leads to another site is never
// followed: the number in it is not taken either, because a forged paper may carry a genuine number of someone else.
const PAUSE = 250;

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

function readCode(text, room) {
  let address;
  try { address = new URL(text); } catch { return { word: room.dataset.none }; }
  if (address.host.toLowerCase() !== room.dataset.host.toLowerCase()) {
    return { word: room.dataset.foreign.replace("%host", address.host || text) };
  }
  const number = /^\/v\/([0-9a-z-]+)$/i.exec(address.pathname)?.[1];
  return number ? { href: room.dataset.entry.replace("NUMBER", encodeURIComponent(number)) } : { word: room.dataset.none };
}

function prepare(room) {
  const [start, stop] = [room.querySelector("[data-scan-start]"), room.querySelector("[data-scan-stop]")];
  const [picture, word] = [room.querySelector("video"), room.querySelector(".scan-word")];
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;

  const end = (said = "") => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = picture.srcObject = null;
    picture.hidden = stop.hidden = true;
    start.hidden = false;
    word.textContent = said;
  };
  const look = async () => {
    if (!stream) return;
    const [code] = await detector.detect(picture).catch(() => []);
    const found = code && readCode(code.rawValue, room);
    if (found?.href) { end(); window.location.assign(found.href); return; }
    if (found) { end(found.word); return; }
    window.setTimeout(look, PAUSE);
  };
  start.addEventListener("click", async () => {
    word.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch { end(room.dataset.denied); return; }
    picture.srcObject = stream;
    picture.hidden = stop.hidden = false;
    start.hidden = true;
    await picture.play();
    look();
  });
  stop.addEventListener("click", () => end());
  window.addEventListener("pagehide", () => end());
  room.hidden = false;
}

if (await canRead()) document.querySelectorAll('[data-module="scan"]').forEach(prepare);
