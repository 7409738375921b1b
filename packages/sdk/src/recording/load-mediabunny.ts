/** Loads what writes media files; pages that do not record never do. The build puts it beside the SDK. */
export const loadMediabunny = () => import('mediabunny')
