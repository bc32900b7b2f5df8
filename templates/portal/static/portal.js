// Tells htmx that something has happened, at most twice a second; the parts of a page that
// want to know are asked for anew. Without this script a page is reloaded by hand.
const QUIET_MS = 500

const streamAddress = document.querySelector('[hx-trigger*="live"]') ? '/live' : undefined
let isTold = false

function tell() {
  if (isTold) return
  isTold = true
  setTimeout(() => {
    isTold = false
    document.body.dispatchEvent(new CustomEvent('live'))
  }, QUIET_MS)
}

if (streamAddress) {
  const stream = new EventSource(streamAddress)
  for (const name of [
    ...['callBegun', 'callAnswered', 'callEnded', 'slots'],
    ...['registration', 'settings', 'contract', 'lost'],
  ]) {
    stream.addEventListener(name, tell)
  }
  // What happened while the connection was away was not heard.
  stream.addEventListener('open', tell)
}

// Every call is forwarded: the other forwards have no effect, and look so at once.
const forwards = document.querySelector('[data-forwards]')
if (forwards) {
  const all = forwards.querySelector('[name="unconditional.on"]')
  const grey = () => {
    for (const part of forwards.querySelectorAll('[data-forward]')) {
      const isOther = part.dataset.forward !== 'unconditional'
      part.classList.toggle('masked', all.checked && isOther)
    }
    forwards.querySelector('[data-masked-note]').hidden = !all.checked
  }
  all.addEventListener('change', grey)
}
