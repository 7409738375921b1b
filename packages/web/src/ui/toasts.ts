import { reactive } from 'vue'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'info' | 'error'
}

const SHOWN_MS = 5000
const MOST = 3
let lastID = 0

export const toasts = reactive<Toast[]>([])

export const dismiss = (id: number): void => {
  const at = toasts.findIndex((t) => t.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

export const toast = (text: string, tone: Toast['tone'] = 'info'): void => {
  const id = ++lastID
  toasts.push({ id, text, tone })
  if (toasts.length > MOST) toasts.shift()
  setTimeout(() => dismiss(id), SHOWN_MS)
}
