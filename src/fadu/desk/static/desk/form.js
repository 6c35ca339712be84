// The form of an action: rows, names offered while typing, files kept at once, drafts. Every form works without this file.
//   data-rows="list"   its rows are data-one; data-add, data-drop and data-copy are buttons that ask the server otherwise
//   data-pick="url"    offers names for what was typed so far
//   data-file          a file chosen here is uploaded at once; its hidden input then stands for it
//   data-draft="url"   what is typed goes there every few seconds; data-of is the person it belongs to

const all = (selector, root = document) => [...root.querySelectorAll(selector)]
const one = (selector, root = document) => root.querySelector(selector)
const pause = (ms, act) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(act, ms, ...args) } }

// rows --------------------------------------------------------------------------------------------
let next_row = 1000  // beyond what the server numbers

function empty(row, list) {
  const id = String(next_row++)
  one(`[name="${CSS.escape(list)}--row"]`, row).value = id
  for (const input of all('input:not([type=hidden]), select, textarea', row)) {
    input.removeAttribute('id')
    if (input.type === 'file') input.name = input.name.replace(/-\d+$/, `-${id}`)
    input.value = ''
  }
  for (const hidden of all('input[type=hidden]', row)) if (hidden.name.endsWith('-kept')) hidden.value = ''
  all('.kept', row).forEach(kept => { kept.hidden = true })
  all('datalist', row).forEach(offered => offered.remove())
  return row
}

function copied(row, list) {
  const twin = row.cloneNode(true), id = String(next_row++)
  all('select, textarea', row).forEach((input, n) => { all('select, textarea', twin)[n].value = input.value })
  one(`[name="${CSS.escape(list)}--row"]`, twin).value = id
  one(`[name="${CSS.escape(list)}--tick"]`, twin).value = id
  row.after(twin)
  return twin
}

addEventListener('click', event => {
  const button = event.target.closest?.('[data-add], [data-drop], [data-copy]')
  if (!button) return
  event.preventDefault()
  const { form, dataset } = button, add = 'add' in dataset && button, drop = button
  if ('copy' in dataset) {
    const row = button.closest('[data-one]')
    one('textarea', copied(row, row.parentElement.dataset.rows))?.focus()
  } else if (add) {
    const rows = one(`[data-rows="${CSS.escape(add.dataset.add)}"]`, form)
    const row = empty(rows.lastElementChild.cloneNode(true), add.dataset.add)
    rows.append(row)
    one('input:not([type=hidden]), select, textarea', row)?.focus()
  } else {
    const row = drop.closest('[data-one]'), rows = row.parentElement
    if (rows.children.length > 1) row.remove()
    else empty(row, rows.dataset.rows)
    one('input:not([type=hidden]), select, textarea', rows.lastElementChild)?.focus()
  }
  form.dispatchEvent(new Event('input', { bubbles: true }))
})

// names offered -----------------------------------------------------------------------------------
let lists = 0

async function offer(input) {
  const url = new URL(input.dataset.pick, location.href)
  url.searchParams.set('q', input.value.trim())
  const answer = await fetch(url, { headers: { accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok || answer.redirected) return
  const { items } = await answer.json()
  const list = input.list ?? input.parentElement.appendChild(document.createElement('datalist'))
  list.id ||= `offered-${++lists}`
  input.setAttribute('list', list.id)
  list.replaceChildren(...items.map(item => Object.assign(document.createElement('option'), item)))
}

const offer_soon = pause(200, offer)
addEventListener('input', event => {
  const input = event.target
  if (input.dataset?.pick && ![...(input.list?.options ?? [])].some(known => known.value === input.value)) offer_soon(input)
})
addEventListener('focusin', event => { if (event.target.dataset?.pick && !event.target.list) offer(event.target) })

// drafts ------------------------------------------------------------------------------------------
const OWN = ['csrfmiddlewaretoken', 'rows']

class Draft {
  constructor(form) {
    this.form = form
    this.url = form.dataset.draft
    this.place = `draft ${form.dataset.of} ${this.url}`
    this.told = one('[data-told]', form)
    this.saved = this.text()
    this.sent = false
    this.forget_others()
    this.restore()
    setInterval(() => this.save(), 4000)
    form.addEventListener('focusout', () => this.save())
    form.addEventListener('change', event => event.target.type === 'file' && this.upload(event.target))
    form.addEventListener('submit', () => { this.sent = true; this.hold(this.data()) })
    addEventListener('pageshow', () => { this.sent = false })
    addEventListener('pagehide', () => this.save_at_once())
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.save_at_once() })
  }

  data() {
    const data = new FormData(this.form)
    for (const name of [...data.keys()]) if (data.get(name) instanceof File) data.delete(name)
    return data
  }

  text(data = this.data()) {
    return new URLSearchParams([...data].filter(([name]) => !OWN.includes(name) && name !== 'ticket')).toString()
  }

  async save() {
    const data = this.data(), text = this.text(data)
    if (text === this.saved || this.sent) return
    const before = this.saved
    this.saved = text  // what comes meanwhile is saved next time
    const answer = await this.post(data)
    if (answer && !answer.redirected) {
      const { at, error, found } = await answer.json().catch(() => ({}))
      const ahead = one('[data-found]', this.form)
      if (found && ahead) ahead.innerHTML = found  // the server's own page, its texts escaped
      if (answer.ok) this.let_go()
      this.tell(error ?? (at ? `${this.told.dataset.said} ${at}` : ''))
      if (answer.ok) this.form.dispatchEvent(new Event('kept'))
      return
    }
    this.hold(data)
    if (answer) return this.tell_signed_out()
    this.saved = before
    this.tell(this.told.dataset.lost)
  }

  save_at_once() {
    if (this.text() === this.saved || this.sent) return
    this.hold(this.data())
    navigator.sendBeacon?.(this.url, this.data())
  }

  async upload(input) {
    if (!input.files.length) return
    const data = this.data()
    for (const file of input.files) data.append(input.name, file)
    const answer = await this.post(data)  // handed in meanwhile, the form takes the file along as without script
    if (!answer?.ok || answer.redirected) return  // it goes with the form, as without script
    const { kept, errors } = await answer.json()
    const fault = errors[input.name] ?? ''
    input.setCustomValidity(fault)
    if (fault) input.reportValidity()
    if (!kept[input.name]) return
    const place = input.closest('[data-file]')
    kept[input.name].forEach(file => place.dataset.many ? this.add_file(place, file) : this.put_file(place, file))
    input.value = ''
    this.save()
  }

  put_file(place, file) {
    one('input[type=hidden]', place).value = file.value
    one('.kept b', place).textContent = file.name
    one('.kept', place).hidden = false
  }

  add_file(place, file) {
    const line = Object.assign(document.createElement('label'), { className: 'choice' })
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: place.dataset.many, value: file.value, checked: true })
    line.append(box, Object.assign(document.createElement('span'), { textContent: file.name }))
    one('input[type=file]', place).before(line)
  }

  // A token that was renewed elsewhere is fetched anew, once; a session that ran out cannot be.
  async post(data) {
    const send = () => fetch(this.url, { method: 'POST', body: data, headers: { accept: 'application/json' } }).catch(() => null)
    const answer = await send()
    if (answer?.status !== 403) return answer
    const page = await fetch(location.href).catch(() => null)
    if (!page?.ok || page.redirected) return answer
    const token = one('input[name=csrfmiddlewaretoken]', new DOMParser().parseFromString(await page.text(), 'text/html'))
    if (!token) return answer
    all('input[name=csrfmiddlewaretoken]').forEach(input => { input.value = token.value })
    data.set('csrfmiddlewaretoken', token.value)
    return send()
  }

  hold(data) {
    try { sessionStorage.setItem(this.place, this.text(data)) } catch { /* no room: the server has the last draft */ }
  }

  let_go() { sessionStorage.removeItem(this.place) }

  forget_others() {
    const mine = `draft ${this.form.dataset.of} `
    Object.keys(sessionStorage).filter(key => key.startsWith('draft ') && !key.startsWith(mine)).forEach(key => sessionStorage.removeItem(key))
  }

  // What the server did not get is given to it now; it alone knows how to fill the form.
  async restore() {
    const text = sessionStorage.getItem(this.place)
    this.let_go()
    if (!text || text === this.saved || one('main .summary')) return
    const data = new FormData()
    new URLSearchParams(text).forEach((value, name) => data.append(name, value))
    for (const name of ['csrfmiddlewaretoken', 'ticket']) data.set(name, one(`[name=${name}]`, this.form).value)
    const answer = await this.post(data)
    if (answer?.ok && !answer.redirected) location.reload()
    else this.hold(data)
  }

  tell(words) {
    this.told.textContent = words
    this.told.hidden = !words
  }

  tell_signed_out() {
    const link = Object.assign(document.createElement('a'), { href: this.told.dataset.in, textContent: this.told.dataset.words })
    this.told.setAttribute('role', 'alert')
    this.told.replaceChildren(`${this.told.dataset.out} `, link)
    this.told.hidden = false
    this.form.dispatchEvent(new Event('kept'))
  }
}

all('form[data-draft]').forEach(form => new Draft(form))
