import { createRouter, createWebHistory } from 'vue-router'
import LobbyPage from './lobby/LobbyPage.vue'
import LoginPage from './login/LoginPage.vue'
import MeetingPage from './meeting/MeetingPage.vue'
import { client } from './session.ts'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: LoginPage, meta: { public: true } },
    { path: '/', name: 'lobby', component: LobbyPage },
    { path: '/meeting/:id(\\d+)', name: 'meeting', component: MeetingPage, props: true },
    { path: '/m/:slug', name: 'link', component: MeetingPage, props: true },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach((to) =>
  to.meta.public || client.userID !== null
    ? true
    : { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } },
)
