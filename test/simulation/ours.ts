import { decide } from '../../src/call/decide.js'
import { initialState } from '../../src/call/state.js'
import type { Core } from './controller.js'

export const ours: Core = { decide, initialState }
