// Reading the code of a certificate with the camera, where the browser can. What it holds goes to our own server as text;
// whether it is ours is judged there, in one place, and no address that was read is ever opened from here.
const PAUSE = 250;

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

function prepare(form) {
  const [start, stop] = [form.querySelector("[data-scan-start]"), form.querySelector("[data-scan-stop]")];
  const [live, picture, word] = [form.querySelector(".scan-live"), form.querySelector("video"), form.querySelector(".scan-word")];
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;

  const end = (said = "") => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = picture.srcObject = null;
    live.hidden = true;
    start.hidden = false;
    word.textContent = said;
  };
  const look = async () => {
    if (!stream) return;
    const [code] = await detector.detect(picture).catch(() => []);
    if (code && stream) {
      end();
      form.elements.text.value = code.rawValue;
      form.submit();
      return;
    }
    window.setTimeout(look, PAUSE);
  };
  start.addEventListener("click", async () => {
    word.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      picture.srcObject = stream;
      live.hidden = false;
      start.hidden = true;
      stop.focus();
    } catch { end(form.dataset.denied); start.focus(); return; }
    picture.play().catch(() => {});  // ended by the stop button before the first picture came
    look();
  });
  stop.addEventListener("click", () => { end(); start.focus(); });
  window.addEventListener("pagehide", () => end());
  document.addEventListener("visibilitychange", () => { if (document.hidden) end(); });
  form.hidden = false;
}

if (await canRead()) document.querySelectorAll('[data-module="scan"]').forEach(prepare);
