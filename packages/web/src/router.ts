import { createRouter, createWebHistory } from 'vue-router'
import NotFoundPage from './app/NotFoundPage.vue'
import { readLogin } from './app/saved-login.ts'
import { whenStarted } from './app/sign-in.ts'
import { backToDesk } from './desk/offers.ts'
import LobbyPage from './lobby/LobbyPage.vue'
import LoginPage from './login/LoginPage.vue'
import { safeNext } from './login/safe-next.ts'
import { client, lostLogin } from './session.ts'

const DeskPage = () => import('./desk/DeskPage.vue')
const AgentPage = () => import('./desk/AgentPage.vue')
const RecordsPage = () => import('./records/RecordsPage.vue')
const ConsolePage = () => import('./console/ConsolePage.vue')
const MeetingPage = () => import('./meeting/MeetingPage.vue')

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: LoginPage, meta: { open: true } },
    { path: '/', name: 'lobby', component: LobbyPage },
    { path: '/desk', name: 'desk', component: DeskPage },
    { path: '/agent', name: 'agent', component: AgentPage },
    { path: '/records', name: 'records', component: RecordsPage },
    // Checking a recording needs nobody's permission.
    { path: '/console', name: 'console', component: ConsolePage, meta: { open: true } },
    // Guests may be let in: the page itself asks the server.
    {
      path: '/meeting/:id(\\d{1,15})',
      name: 'meeting',
      component: MeetingPage,
      props: true,
      meta: { open: true },
    },
    { path: '/m/:slug', name: 'link', component: MeetingPage, props: true, meta: { open: true } },
    { path: '/:rest(.*)*', name: 'lost', component: NotFoundPage, meta: { open: true } },
  ],
})

router.beforeEach(async (to) => {
  await whenStarted()
  if (to.name === 'login' && client.userID !== null) return safeNext(to.query.next)
  if (to.meta.open || client.userID !== null) return true
  // A login that was lost on the way is said on the page, with a way to go on.
  if (lostLogin.value !== null && readLogin()) return true
  return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

/** A talk is over: an agent that serves waits for the next customer, a customer may ask again. */
backToDesk((name) => void router.push({ name }))
