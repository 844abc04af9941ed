// The few things a browser has to do by itself. Everything listens on the document, so it works for parts that come and go.

const live = () => document.getElementById('portal-live');

async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http on another host than localhost has no clipboard; a selected text box still copies.
  const box = Object.assign(document.createElement('textarea'), { value: text });
  box.className = 'sr-only';
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (!copied) throw new Error('copy refused');
}

document.addEventListener('click', async event => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    let done = true;
    try { await copyText(copy.dataset.copy); } catch { done = false; }
    copy.toggleAttribute('data-is-copied', done);
    live().textContent = done ? copy.dataset.copied : copy.dataset.copyFailed;
    setTimeout(() => { copy.removeAttribute('data-is-copied'); live().textContent = ''; }, 2000);
    return;
  }

  const again = event.target.closest('[data-reconnect]');
  if (again?.dataset.reconnect === 'reload') location.reload();
  if (again?.dataset.reconnect === 'retry' && !(await Blazor.reconnect())) location.reload();

  // The router would answer a link to the present address by doing nothing.
  const reload = event.target.closest('[data-reload]');
  if (reload) { event.preventDefault(); location.reload(); }

  const skip = event.target.closest('.skip-link');
  if (skip) { event.preventDefault(); document.getElementById('main')?.focus(); }

  // A menu is done when something in it has been chosen.
  event.target.closest('[popover] a')?.closest('[popover]').hidePopover();
}, true);

// Signing out may lead to the identity provider. A page that learns meanwhile that its sign-in is over must not lead elsewhere.
let isSigningOut = false;
document.addEventListener('submit', event => { isSigningOut = new URL(event.target.action).pathname === '/signout'; }, true);
let isSignedOut = false;
window.leaveForSignIn = address => {
  if (isSigningOut) return;
  isSignedOut = true;
  location.assign(address);
};

// Nothing that somebody typed is lost without a question. The portal asks before a link is followed, the browser before it closes or reloads.
const typed = () => [...document.querySelectorAll('main :is(.form, .decide) :is(input, textarea, select)')].filter(field => field.isTyped);
document.addEventListener('input', event => { event.target.isTyped = true; }, true);
window.addEventListener('beforeunload', event => {
  if (!isSigningOut && !isSignedOut && typed().length > 0) event.preventDefault();
});

const isLeaving = (event, link) => link?.origin === location.origin && !link.target && !link.hasAttribute('download')
  && link.pathname + link.search !== location.pathname + location.search
  && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!isLeaving(event, link) || typed().length === 0) return;
  event.preventDefault();
  event.stopPropagation();
  const question = document.getElementById('portal-leave');
  question.addEventListener('close', () => {
    if (question.returnValue !== 'leave') return;
    for (const field of typed()) field.isTyped = false;
    link.click();
  }, { once: true });
  // Escape closes it without a value, and so must not find that of the last time.
  question.returnValue = '';
  question.showModal();
}, true);

// A page that gets no connection stays empty, and Blazor says so in the console only.
new PerformanceObserver(list => {
  if (list.getEntries().some(entry => entry.responseStatus === 429 && new URL(entry.name).pathname === '/_blazor/negotiate')) {
    document.getElementById('blazor-error-ui').style.display = 'block';
  }
}).observe({ type: 'resource', buffered: true });

document.addEventListener('keydown', event => {
  // A box that only narrows a list must not send the form around it.
  if (event.key === 'Enter' && event.target.closest?.('[data-stay]')) event.preventDefault();
  const box = event.target.closest?.('[role=combobox]');
  if (!box) return;
  const open = box.getAttribute('aria-expanded') === 'true';
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp' || (event.key === 'Enter' && open && box.hasAttribute('aria-activedescendant'))) event.preventDefault();
}, true);

new MutationObserver(changes => {
  for (const { target } of changes) document.getElementById(target.getAttribute('aria-activedescendant'))?.scrollIntoView({ block: 'nearest' });
}).observe(document.documentElement, { subtree: true, attributeFilter: ['aria-activedescendant'] });

// A refusal at the top of a long form is out of sight for whoever pressed the button at its end.
new MutationObserver(changes => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) (node.matches('[role=alert]') ? node : node.querySelector('[role=alert]'))?.scrollIntoView({ block: 'nearest' });
    }
  }
}).observe(document.documentElement, { subtree: true, childList: true });

// A page that loads first has no heading to go to when it is opened: the heading takes the focus when it comes, if nothing else has it.
new MutationObserver(changes => {
  if (document.activeElement && document.activeElement !== document.body) return;
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) (node.matches('h1') ? node : node.querySelector('h1'))?.focus({ preventScroll: true });
    }
  }
}).observe(document.documentElement, { subtree: true, childList: true });

// The server does not know the reader's time zone; the browser does.
document.addEventListener('pointerover', event => {
  const time = event.target.closest?.('time.when');
  if (!time || time.title.includes('\n')) return;
  const local = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'long' });
  time.title = `${time.title}\n${local}`;
});
