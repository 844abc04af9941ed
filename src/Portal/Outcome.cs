using Microsoft.Extensions.Localization;

namespace Portal;

/// <summary>Why a use case refused: one named record per reason, shown to people through <see cref="WordKey"/>.</summary>
public abstract record Refusal
{
    /// <summary>Key of the sentence in <c>Words</c>; its slots are filled with <see cref="Arguments"/>.</summary>
    public virtual string WordKey => "Refusal." + GetType().Name;

    /// <summary>Values for the slots of the sentence; a <see cref="Word"/> is put into the reader's language.</summary>
    public virtual object[] Arguments => [];

    /// <summary>What a person reads: mostly one sentence.</summary>
    public virtual IReadOnlyList<string> Sentences(IStringLocalizer words) =>
        [words[WordKey, [.. Arguments.Select(argument => argument is Word word ? words[word.Key].Value : argument)]]];
}

/// <summary>A key of <c>Words</c> as a value in a sentence.</summary>
public sealed record Word(string Key);

/// <summary>What a use case gives back: done with a value, or refused with a reason that a person can read. Faults are thrown instead.</summary>
public sealed class Outcome<T>
{
    readonly T? value;

    Outcome(T? value, Refusal? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    /// <summary>The reason, when refused.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when the use case did what it was asked to do.</summary>
    public bool IsDone => Refusal is null;

    /// <summary>The result. Throws when refused: ask <see cref="IsDone"/> first.</summary>
    public T Value => IsDone ? value! : throw new InvalidOperationException($"Refused: {Refusal}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
