"""Ways to a person, one file each."""

from notifications.channels.base import ChannelProtocol
from notifications.channels.zalo_chat import ZaloChat
from notifications.channels.zalo_phone import ZaloPhone
from notifications.channels.zalo_user import ZaloUser
from notifications.words import Channel

CHANNELS: dict[Channel, ChannelProtocol] = {
    Channel.ZALO_USER: ZaloUser(),
    Channel.ZALO_PHONE: ZaloPhone(),
    Channel.ZALO_CHAT: ZaloChat(),
}
