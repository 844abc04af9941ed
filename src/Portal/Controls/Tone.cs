namespace Portal.Controls;

/// <summary>What a status means for the person who reads it. Each tone has a colour and an icon; the word is always the caller's.</summary>
public enum Tone
{
    /// <summary>Nothing happens: a draft, withdrawn, expired.</summary>
    Neutral,

    /// <summary>Somebody has to act: waits for approval.</summary>
    Waiting,

    /// <summary>The portal is at work: approved, sending, observing.</summary>
    Active,

    /// <summary>Done, with evidence.</summary>
    Good,

    /// <summary>Needs a look: partly succeeded, will be retried.</summary>
    Warning,

    /// <summary>Ended badly: failed, denied, blocked.</summary>
    Bad,

    /// <summary>Nobody knows: sent without a clear answer.</summary>
    Unknown,
}

/// <summary>The css name and the standing icon of each tone.</summary>
public static class ToneLook
{
    /// <summary>The class that colours a part in this tone.</summary>
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Neutral => "tone-neutral",
        Tone.Waiting => "tone-waiting",
        Tone.Active => "tone-active",
        Tone.Good => "tone-good",
        Tone.Warning => "tone-warning",
        Tone.Bad => "tone-bad",
        Tone.Unknown => "tone-unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };

    /// <summary>The icon that says the same as the colour, for people who do not see it.</summary>
    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Neutral => "dash-circle",
        Tone.Waiting => "clock",
        Tone.Active => "progress",
        Tone.Good => "check-circle",
        Tone.Warning => "alert",
        Tone.Bad => "x-circle",
        Tone.Unknown => "help-circle",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };
}
