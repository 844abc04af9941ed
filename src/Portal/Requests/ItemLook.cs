using Portal.Controls;

namespace Portal.Requests;

/// <summary>How an item's state and its two lights look, wherever they are shown.</summary>
static class ItemLook
{
    /// <summary>The tone of a state.</summary>
    public static Tone ToneOf(ItemState state) => state switch
    {
        ItemState.NotSent or ItemState.NeedsLogin => Tone.Waiting,
        ItemState.Queued or ItemState.Sending or ItemState.Observing => Tone.Active,
        ItemState.Done or ItemState.AlreadyThere => Tone.Good,
        ItemState.Failed => Tone.Bad,
        ItemState.Unknown or ItemState.NotFollowed => Tone.Unknown,
        ItemState.Parked => Tone.Warning,
        ItemState.Skipped => Tone.Neutral,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>What somebody should look at comes first.</summary>
    public static int RankOf(ItemState state) => state switch
    {
        ItemState.Failed or ItemState.Unknown or ItemState.Parked or ItemState.NeedsLogin => 0,
        ItemState.Sending or ItemState.Observing => 1,
        ItemState.NotSent or ItemState.Queued => 2,
        _ => 3,
    };

    /// <summary>The light of what the cloud answered.</summary>
    public static Light LightOf(SentLight light) => light switch
    {
        SentLight.No => Light.Off,
        SentLight.Sending => Light.Pending,
        SentLight.Accepted => Light.On,
        SentLight.Refused => Light.Failed,
        SentLight.NoAnswer => Light.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(light), light, null),
    };

    /// <summary>The light of what really happened. What a person said is no proof, whatever it was: the light does not pretend to be one.</summary>
    public static Light LightOf(ProvedLight light) => light switch
    {
        ProvedLight.No => Light.Off,
        ProvedLight.Looking => Light.Pending,
        ProvedLight.Proved => Light.On,
        ProvedLight.CannotBeRead or ProvedLight.Unknown or ProvedLight.SaidByPerson => Light.Unknown,
        ProvedLight.Disproved => Light.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(light), light, null),
    };
}
