import type { SlotName } from './slot-names.ts'

/** Other names of the same function object (spec 00 §12): official name → aliases. */
export const FUNCTION_ALIASES: Readonly<Record<string, readonly string[]>> = {
  HungupCall: ['HangupCall'],
  GetAllVideoInfo: ['GetVideoDevices'],
  StartRecordIng: ['StartRecording', 'StartRecord'],
  StopRecord: ['StopRecording'],
  Switchtopage: ['SwitchToPage'],
  Getcurrentmainpage: ['GetCurrentMainPage'],
  Getcurrentsubpage: ['GetCurrentSubPage'],
  Setvideowallmode: ['SetVideoWallMode'],
  Createboard: ['CreateBoard'],
  Closeboard: ['CloseBoard'],
  Addboardelement: ['AddBoardElement'],
  Delboardelement: ['DelBoardElement'],
  Setmousehotspot: ['SetMouseHotSpot'],
  Uploadnetdiskfile: ['UploadNetDiskFile'],
  Downloadnetdiskfile: ['DownloadNetDiskFile'],
  Deletenetdiskfile: ['DeleteNetDiskFile'],
  Canclenetdiskfile: ['CancleNetDiskFile', 'CancelNetDiskFile', 'Cancelnetdiskfile'],
  SetMediacfg: ['SetMediaCfg'],
  GetMediacfg: ['GetMediaCfg'],
  SetMediaplaypos: ['SetMediaPlayPos'],
  Getmediainfo: ['GetMediaInfo'],
  Getmediaimg: ['GetMediaImg'],
  GetEnableMutiVideo: ['GetEnableMultiVideo'],
  SetEnableMutiVideo: ['SetEnableMultiVideo'],
  CreatVideoObj: ['CreateVideoObj'],
  CreatMediaObj: ['CreateMediaObj'],
  CreatScreenShareObj: ['CreateScreenShareObj'],
  RemoveFromFileMgr: ['RemoveFromRecordMgr'],
}

/** Other names of the same slot object (spec 00 §12). */
export const SLOT_ALIASES: Readonly<Partial<Record<SlotName, string>>> = {
  SendCmdRlst: 'SendCmdRslt',
  SendBufferRlst: 'SendBufferRslt',
  SendFileRlst: 'SendFileRslt',
  CancelSendRlst: 'CancelSendRslt',
  SendIMmsgRlst: 'SendIMmsgRslt',
  HangupCallSuccess: 'HungupCallSuccess',
  HangupCallFail: 'HungupCallFail',
  NotifyNetDiskTransforProgress: 'NotifyNetDiskTransferProgress',
  NotifyInitBoardPageDat: 'notifyInitBoardPageDat',
  NotifyModifyBoardElement: 'notifyModifyBoardElement',
}
