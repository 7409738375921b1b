/** The last picture of a video, in its place: it stays when the stream behind it goes (spec 13 §1.2). */
export class Still {
  readonly canvas = document.createElement('canvas')

  private constructor(video: HTMLVideoElement) {
    this.canvas.width = video.videoWidth
    this.canvas.height = video.videoHeight
    this.canvas.style.cssText =
      'position:absolute;left:0;top:0;display:block;width:100%;height:100%;background:#000'
    this.canvas.style.objectFit = video.style.objectFit
    this.canvas.getContext('2d')?.drawImage(video, 0, 0)
    video.before(this.canvas)
  }

  /** Null while the video has no picture. */
  static of(video: HTMLVideoElement): Still | null {
    return video.videoWidth > 0 && video.videoHeight > 0 ? new Still(video) : null
  }

  set fit(fit: string) {
    this.canvas.style.objectFit = fit
  }

  remove(): void {
    this.canvas.remove()
  }
}
