// Conveniences only: every page works without this file. Behaviour is declared in the markup by data attributes:
//   data-row        a row of a list: j k move, enter opens its a.t, x ticks its box, e follows data-do, u r data-do-u data-do-r
//   data-picked     the bar for ticked rows, shown while there are any; data-bar="u" is its button for the key u
//   data-opens="a"  a link that opens the dialog of that id instead of its page
//   data-go="i"     where "g i" leads          data-primary    what "e" does on a page without rows
//   data-when       {"field": ["value", …]}: show this field only while another one holds one of the values
//   data-guard      ask before leaving a form that was typed in (form.js keeps drafts of some)
//   data-fold       a details element that starts closed on a phone
//   data-keep="a"   a details element that stays open, or closed, as it was left

const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const one = (selector, root = document) => root.querySelector(selector)
const narrow = matchMedia('(width <= 760px)')

// rows --------------------------------------------------------------------------------------------
const rows = () => all('[data-row]')
const current = () => one('[data-row][aria-current]')

function choose(row) {
  if (!row) return
  current()?.removeAttribute('aria-current')
  row.setAttribute('aria-current', 'true')
  row.scrollIntoView({ block: 'nearest' })
  one('a.t', row)?.focus({ preventScroll: true })
  row.dispatchEvent(new Event('chosen'))
}

function step(by) {
  const list = rows(), at = list.indexOf(current())
  choose(list[Math.min(Math.max(at + by, 0), list.length - 1)])
}

const box = row => row && one('input[type=checkbox]', row)
let ticked = null

function tick(row) {
  box(row)?.click()
  ticked = row
}

function tick_up_to(row) {
  const list = rows(), [from, to] = [list.indexOf(ticked), list.indexOf(row)].sort((a, b) => a - b)
  for (const each of list.slice(Math.max(from, 0), to + 1)) if (box(each) && !box(each).checked) box(each).click()
}

// what a key does to the ticked rows, or to the current one
function perform(key) {
  const button = one(`[data-bar="${key}"]`)
  if (button && picked().length) return button.click()
  follow(current()?.getAttribute(`data-do-${key}`))
}

// keys --------------------------------------------------------------------------------------------
const follow = where => where && (where.click ? (where.href ? location.assign(where.href) : where.click()) : location.assign(where))
const dialog = id => { const found = document.getElementById(id); if (found) found.open ? found.close() : found.showModal() }
let after_g = false

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => tick(current()),
  X: () => tick_up_to(current()),
  e: () => follow(current()?.dataset.do ?? one('[data-primary]')),
  u: () => perform('u'),
  r: () => perform('r'),
  f: () => { const filters = one('#filters'); if (filters) { filters.open = true; one('select, input', filters)?.focus() } },
  '/': () => one('input[type=search]')?.focus(),
  '?': () => dialog('keys'),
  '[': () => follow(one('a[rel=prev]')),
  ']': () => follow(one('a[rel=next]')),
  g: () => { after_g = true; setTimeout(() => { after_g = false }, 1500) },
  Enter: () => document.activeElement === document.body && follow(one('a.t', current() ?? document.createElement('i'))),
}

addEventListener('keydown', event => {
  const typing = event.target.closest?.('input:not([type=checkbox]), select, textarea, [contenteditable]')
  if (event.key === 'Escape') {
    const menu = event.target.closest?.('details.menu[open]')
    if (menu) { menu.open = false; one('summary', menu).focus() }
    else if (typing) event.target.blur()
    return
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.keys === 'off') return
  const go = after_g && one(`[data-go="${CSS.escape(event.key)}"]`)
  after_g = false
  if (go) return follow(go)
  const act = keys[event.key]
  if (!act) return
  if (event.key !== 'Enter') event.preventDefault()
  act()
})

const switch_ = one('[data-keys]')
if (switch_) {
  switch_.checked = localStorage.keys !== 'off'
  switch_.addEventListener('change', () => { localStorage.keys = switch_.checked ? 'on' : 'off' })
}

// ticked rows -------------------------------------------------------------------------------------
const picked = () => all('[data-row] input[type=checkbox]:checked')

function count_picked() {
  const bar = one('[data-picked]')
  if (!bar) return
  const number = picked().length
  all('[data-row]').forEach(row => row.toggleAttribute('data-ticked', Boolean(one('input:checked', row))))
  bar.toggleAttribute('data-some', number > 0)
  one('b', bar).textContent = number
}
for (const every of all('[data-pick-all]')) every.addEventListener('change', () =>
  all('[data-row] input[type=checkbox]', every.closest('[data-group]') ?? document).forEach(each => { each.checked = every.checked }))
addEventListener('change', count_picked)
addEventListener('reset', () => setTimeout(count_picked))
addEventListener('pageshow', count_picked)  // a browser that goes back keeps the ticks

// dialogs -----------------------------------------------------------------------------------------
addEventListener('click', event => {
  const opener = event.target.closest?.('[data-opens]')
  if (opener && document.getElementById(opener.dataset.opens)) { event.preventDefault(); dialog(opener.dataset.opens) }
  all('details.menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false })
  if (event.target.closest?.('[data-close]')) event.target.closest('dialog').close()
})

// forms -------------------------------------------------------------------------------------------
function values(form, name) {
  return all(`[name="${CSS.escape(name)}"]`, form)
    .filter(input => (input.type !== 'checkbox' && input.type !== 'radio') || input.checked)
    .map(input => input.value)
}

function show_what_applies(form) {
  for (const field of all('[data-when]', form)) {
    const wanted = Object.entries(JSON.parse(field.dataset.when))
    field.hidden = !wanted.every(([name, list]) => values(form, name).some(value => list.includes(value)))
    all('input, select, textarea', field).forEach(input => { input.disabled = field.hidden })
  }
}

for (const form of all('form[data-guard]')) {
  let typed = form.dataset.guard === 'typed'
  form.addEventListener('input', () => { typed = true; show_what_applies(form) })
  for (const done of ['submit', 'kept']) form.addEventListener(done, () => { typed = false })
  addEventListener('beforeunload', event => { if (typed) event.preventDefault() })
  show_what_applies(form)
}

// what was handed in needs no copy any more
for (const done of all('[data-done]')) {
  Object.keys(sessionStorage).filter(key => key.endsWith(` ${done.dataset.done}`)).forEach(key => sessionStorage.removeItem(key))
}

// theme: the form works alone; here it also works without a new page --------------------------------
const media = { auto: '(prefers-color-scheme: dark)', dark: 'all', light: 'not all' }
for (const form of all('form[data-theme]')) form.addEventListener('submit', event => {
  const chosen = event.submitter?.value
  if (!(chosen in media)) return
  event.preventDefault()
  document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`
  one('#dark').media = media[chosen]
  all('form[data-theme] button').forEach(button => button.setAttribute('aria-pressed', String(button.value === chosen)))
})

// first view --------------------------------------------------------------------------------------
for (const details of all('details[data-keep]')) {
  const name = `fold ${details.dataset.keep}`
  if (!details.open) details.open = localStorage[name] === 'open'
  details.addEventListener('toggle', () => { localStorage[name] = details.open ? 'open' : 'closed' })
}
if (narrow.matches) all('details[data-fold]').forEach(details => { details.open = false })
all('[data-print]').forEach(button => { button.hidden = false; button.addEventListener('click', () => print()) })
one('.summary')?.focus()
