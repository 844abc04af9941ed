using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Access;

/// <summary>
/// A key or password that cannot show itself: whatever prints, formats, serializes or debugs it gets "***". There is no conversion to
/// text; who needs the value says <see cref="Reveal"/> at the place where it leaves. Settings bind to it.
/// </summary>
[DebuggerDisplay("***")]
[TypeConverter(typeof(FromText))]
[JsonConverter(typeof(AsStars))]
public sealed class Secret : IFormattable, IDisposable
{
    /// <summary>What everybody sees.</summary>
    public const string Mask = "***";

    // Bytes, because a string cannot be overwritten. Private, and not shown by a debugger.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    readonly byte[] value;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    bool wiped;

    /// <summary>Keeps a copy of the text.</summary>
    public Secret(string text) => value = Encoding.UTF8.GetBytes(text);

    Secret(byte[] bytes) => value = bytes;

    /// <summary>No value.</summary>
    public static Secret None { get; } = new("");

    /// <summary>Takes over the bytes of a UTF-8 text; who gives them away forgets them.</summary>
    public static Secret Own(byte[] bytes) => new(bytes);

    /// <summary>There is no value.</summary>
    public bool IsEmpty => value.Length == 0;

    /// <summary>The value as text. A string stays in memory until it is collected: only for an API that takes nothing else.</summary>
    /// <exception cref="ObjectDisposedException">It was wiped.</exception>
    public string Reveal() => Encoding.UTF8.GetString(RevealBytes());

    /// <summary>The value in UTF-8, as long as it is not wiped.</summary>
    /// <exception cref="ObjectDisposedException">It was wiped.</exception>
    public ReadOnlySpan<byte> RevealBytes()
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        return value;
    }

    /// <summary>Whether it has more characters than that. How many it has is nobody's business.</summary>
    public bool IsLongerThan(int characters) => Encoding.UTF8.GetCharCount(RevealBytes()) > characters;

    /// <summary>Whether the other has the same value; takes as long wherever they differ.</summary>
    public bool IsSameAs(Secret other) => CryptographicOperations.FixedTimeEquals(RevealBytes(), other.RevealBytes());

    /// <inheritdoc />
    public override string ToString() => Mask;

    /// <inheritdoc />
    public string ToString(string? format, IFormatProvider? formatProvider) => Mask;

    /// <summary>Overwrites the value in memory. <see cref="None"/> stays usable.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(value);
        wiped = value.Length > 0;
    }

    /// <summary>Lets settings be bound.</summary>
    sealed class FromText : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new Secret((string)value);

        public override object ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) => Mask;
    }

    /// <summary>JSON can be read into it, but never out of it.</summary>
    sealed class AsStars : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(Mask);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WritePropertyName(Mask);
    }
}
